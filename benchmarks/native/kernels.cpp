// The kernels of mastplan as plain C++ loops over the same arrays, for benchmarks/solver/kernels.bench.ts:
// radius query into compressed rows, merging of equal cover sets, transpose, lazy greedy for one target.
// Usage: kernels INPUT REPETITIONS; prints one JSON line of least seconds and checksums.
// Build: g++ -O3 -march=native -std=c++17.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

using std::vector;

template <typename T> static vector<T> take(FILE *file, size_t count) {
  vector<T> values(count);
  if (count > 0 && fread(values.data(), sizeof(T), count, file) != count) std::exit(2);
  return values;
}

template <typename Work> static double fastest(int repetitions, Work work) {
  work();
  double least = 1e300;
  for (int repetition = 0; repetition < repetitions; repetition++) {
    const auto started = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - started;
    least = std::min(least, spent.count());
  }
  return least;
}

struct Grid {
  double minX, minY, cell;
  uint32_t columns, rows;
  vector<uint32_t> cellStart;
  vector<double> x, y;
};

// A list of span edges that grows without being cleared.
struct Edges {
  uint32_t *at = nullptr;
  size_t count = 0, room = 0;
  void makeRoom(size_t wanted) {
    if (wanted <= room) return;
    room = std::max(wanted, 2 * room);
    at = (uint32_t *)realloc(at, room * sizeof(uint32_t));
    if (at == nullptr) std::exit(3);
  }
  ~Edges() { free(at); }
};

// Adds the spans of points within the radius of (px, py): row by row, each cut to the chord; cells wholly inside without a
// test; in border cells an edge is written for every point and stays where inside and outside change.
static void findDisc(const Grid &grid, double px, double py, double radius, Edges &found) {
  const double *x = grid.x.data(), *y = grid.y.data();
  const double radiusSquared = radius * radius, perCell = 1 / grid.cell;
  const int firstRow = std::max(0, (int)std::floor((py - radius - grid.minY) * perCell - 1e-6));
  const int lastRow = std::min((int)grid.rows - 1, (int)std::floor((py + radius - grid.minY) * perCell + 1e-6));
  size_t count = found.count;
  for (int row = firstRow; row <= lastRow; row++) {
    const double low = grid.minY + row * grid.cell - py, high = low + grid.cell;
    const double nearest = low > 0 ? low : high < 0 ? high : 0;
    const double farthest = -low > high ? -low : high;
    const double reach = std::sqrt(std::max(0.0, radiusSquared - nearest * nearest));
    const int firstColumn = std::max(0, (int)std::floor((px - reach - grid.minX) * perCell - 1e-6));
    const int lastColumn = std::min((int)grid.columns - 1, (int)std::floor((px + reach - grid.minX) * perCell + 1e-6));
    if (firstColumn > lastColumn) continue;
    const double inside = radiusSquared * (1 - 1e-9) - farthest * farthest;
    int fromInside = lastColumn + 1, toInside = lastColumn + 1;
    if (inside > 0) {
      const double half = std::sqrt(inside);
      fromInside = std::max(firstColumn, (int)std::ceil((px - half - grid.minX) * perCell + 1e-6));
      toInside = std::min(lastColumn + 1, (int)std::floor((px + half - grid.minX) * perCell - 1e-6));
      if (fromInside >= toInside) fromInside = toInside = lastColumn + 1;
    }
    const uint32_t *cells = grid.cellStart.data() + (size_t)row * grid.columns;
    const uint32_t start = cells[firstColumn], startInside = cells[fromInside];
    const uint32_t endInside = cells[toInside], end = cells[lastColumn + 1];
    found.makeRoom(count + (startInside - start) + (end - endInside) + 4);
    uint32_t *edges = found.at;
    uint32_t open = 0;
    for (uint32_t point = start; point < startInside; point++) {
      const double dx = x[point] - px, dy = y[point] - py;
      const uint32_t isIn = dx * dx + dy * dy <= radiusSquared;
      edges[count] = point;
      count += open ^ isIn;
      open = isIn;
    }
    if (startInside < endInside) {
      edges[count] = startInside;
      count += 1 - open;
      open = 1;
    }
    for (uint32_t point = endInside; point < end; point++) {
      const double dx = x[point] - px, dy = y[point] - py;
      const uint32_t isIn = dx * dx + dy * dy <= radiusSquared;
      edges[count] = point;
      count += open ^ isIn;
      open = isIn;
    }
    edges[count] = end;
    count += open;
  }
  found.count = count;
}

struct Rows {
  vector<uint32_t> start, item;
};

// Site s covers the spans [edges[2 k], edges[2 k + 1]) of points, k in spanStart[s] .. spanStart[s + 1].
struct Spans {
  vector<uint32_t> siteStart, spanStart, edges;
};

static Spans query(const Grid &grid, const vector<double> &sx, const vector<double> &sy, const vector<double> &radius) {
  const size_t sites = sx.size();
  Spans spans;
  spans.siteStart.resize(sites + 1);
  spans.spanStart.resize(sites + 1);
  Edges found;
  found.makeRoom(1 << 12);
  for (size_t site = 0; site < sites; site++) {
    const size_t first = found.count;
    findDisc(grid, sx[site], sy[site], radius[site], found);
    uint32_t points = 0;
    for (size_t edge = first; edge < found.count; edge += 2) points += found.at[edge + 1] - found.at[edge];
    spans.siteStart[site + 1] = spans.siteStart[site] + points;
    spans.spanStart[site + 1] = (uint32_t)(found.count / 2);
  }
  spans.edges.assign(found.at, found.at + found.count);
  return spans;
}

static Rows listPairs(const Spans &spans) {
  Rows rows;
  rows.start = spans.siteStart;
  for (size_t edge = 0; edge < spans.edges.size(); edge += 2)
    for (uint32_t point = spans.edges[edge]; point < spans.edges[edge + 1]; point++) rows.item.push_back(point);
  return rows;
}

// Partition refinement, one splitter (site) at a time; classes numbered by their first member, -1 = uncovered.
static vector<int32_t> mergeEqual(const Spans &spans, uint32_t items, uint32_t &classCount) {
  const uint32_t sites = (uint32_t)spans.spanStart.size() - 1, limit = 2 * items + 2;
  vector<int32_t> block(items, 0);
  vector<uint32_t> size(limit), splitBy(limit), splitInto(limit), freed(limit), touched(items + 1);
  uint32_t freeCount = 0, nextBlock = 1;
  size[0] = items;
  for (uint32_t site = 0; site < sites; site++) {
    const uint32_t stamp = site + 1;
    uint32_t touchedCount = 0;
    for (uint32_t span = spans.spanStart[site]; span < spans.spanStart[site + 1]; span++) {
      uint32_t item = spans.edges[2 * span];
      const uint32_t end = spans.edges[2 * span + 1];
      while (item < end) {
        const uint32_t from = (uint32_t)block[item], first = item;
        if (splitBy[from] != stamp) {
          splitBy[from] = stamp;
          splitInto[from] = freeCount > 0 ? freed[--freeCount] : nextBlock++;
          touched[touchedCount++] = from;
        }
        const uint32_t into = splitInto[from];
        do block[item++] = (int32_t)into;
        while (item < end && (uint32_t)block[item] == from);
        size[from] -= item - first;
        size[into] += item - first;
      }
    }
    for (uint32_t index = 0; index < touchedCount; index++)
      if (size[touched[index]] == 0 && touched[index] != 0) freed[freeCount++] = touched[index];
  }
  vector<int32_t> numberOf(nextBlock, -1);
  classCount = 0;
  for (uint32_t item = 0; item < items; item++) {
    const int32_t own = block[item];
    if (own == 0) {
      block[item] = -1;
      continue;
    }
    if (numberOf[own] == -1) numberOf[own] = (int32_t)classCount++;
    block[item] = numberOf[own];
  }
  return block;
}

static void transpose(const Rows &rows, uint32_t columns, Rows &turned) {
  turned.start.assign(columns + 1, 0);
  for (const uint32_t column : rows.item) turned.start[column + 1]++;
  for (uint32_t column = 0; column < columns; column++) turned.start[column + 1] += turned.start[column];
  turned.item.resize(rows.item.size());
  vector<uint32_t> next(turned.start.begin(), turned.start.end() - 1);
  for (uint32_t row = 0; row + 1 < rows.start.size(); row++)
    for (uint32_t pair = rows.start[row]; pair < rows.start[row + 1]; pair++) turned.item[next[rows.item[pair]]++] = row;
}

// Minoux's lazy greedy for one target: largest min(gain, residual) per cost, ties to the smaller index.
static double lazyGreedy(const Rows &rows, const vector<double> &users, const vector<double> &cost, double need, double &count) {
  const uint32_t sites = (uint32_t)rows.start.size() - 1;
  struct Entry {
    double value;
    uint32_t site;
  };
  const auto after = [](const Entry &a, const Entry &b) { return a.value < b.value || (a.value == b.value && a.site > b.site); };
  vector<uint32_t> timesCovered(users.size(), 0);
  // 0 once the class is covered: gains are sums without a branch, four side by side.
  vector<double> open = users;
  vector<Entry> heap;
  double residual = need, spent = 0;
  count = 0;
  const auto valueOf = [&](uint32_t site) {
    const uint32_t *item = rows.item.data(), end = rows.start[site + 1];
    uint32_t pair = rows.start[site];
    double a = 0, b = 0, c = 0, d = 0;
    for (; pair + 3 < end; pair += 4) {
      a += open[item[pair]];
      b += open[item[pair + 1]];
      c += open[item[pair + 2]];
      d += open[item[pair + 3]];
    }
    for (; pair < end; pair++) a += open[item[pair]];
    const double gain = a + b + c + d;
    return std::min(gain, residual) / need / cost[site];
  };
  for (uint32_t site = 0; site < sites; site++) heap.push_back({valueOf(site), site});
  std::make_heap(heap.begin(), heap.end(), after);
  while (!heap.empty() && residual > 0) {
    std::pop_heap(heap.begin(), heap.end(), after);
    Entry entry = heap.back();
    heap.pop_back();
    entry.value = valueOf(entry.site);
    if (entry.value <= 0) continue;
    if (!heap.empty() && after(entry, heap.front())) {
      heap.push_back(entry);
      std::push_heap(heap.begin(), heap.end(), after);
      continue;
    }
    for (uint32_t pair = rows.start[entry.site]; pair < rows.start[entry.site + 1]; pair++) {
      if (timesCovered[rows.item[pair]]++ == 0) residual -= users[rows.item[pair]];
      open[rows.item[pair]] = 0;
    }
    spent += cost[entry.site];
    count++;
  }
  return spent;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  FILE *file = fopen(argv[1], "rb");
  if (file == nullptr) return 2;
  const int repetitions = atoi(argv[2]);
  const auto counts = take<uint32_t>(file, 6);
  const uint32_t points = counts[0], sites = counts[1], classes = counts[4], pairs = counts[5];
  Grid grid;
  grid.columns = counts[2];
  grid.rows = counts[3];
  const auto frame = take<double>(file, 4);
  grid.minX = frame[0];
  grid.minY = frame[1];
  grid.cell = frame[2];
  const double need = frame[3];
  grid.x = take<double>(file, points);
  grid.y = take<double>(file, points);
  const auto sx = take<double>(file, sites), sy = take<double>(file, sites), radius = take<double>(file, sites);
  const auto cost = take<double>(file, sites), users = take<double>(file, classes);
  grid.cellStart = take<uint32_t>(file, (size_t)grid.columns * grid.rows + 1);
  Rows merged;
  merged.start = take<uint32_t>(file, sites + 1);
  merged.item = take<uint32_t>(file, pairs);
  fclose(file);

  Spans spans;
  Rows turned;
  uint32_t classCount = 0;
  double spent = 0, chosen = 0;
  const double queryS = fastest(repetitions, [&] { spans = query(grid, sx, sy, radius); });
  const double mergeS = fastest(repetitions, [&] { mergeEqual(spans, points, classCount); });
  const Rows rows = listPairs(spans);
  const double transposeS = fastest(repetitions, [&] { transpose(rows, points, turned); });
  const double greedyS = fastest(repetitions, [&] { spent = lazyGreedy(merged, users, cost, need, chosen); });
  double sum = 0;
  for (size_t pair = 0; pair < turned.item.size(); pair += 97) sum += turned.item[pair];
  printf("{\"pairs\":%zu,\"classes\":%u,\"transposed\":%.0f,\"greedyCost\":%.6f,\"greedySites\":%.0f,"
         "\"queryS\":%.6f,\"mergeS\":%.6f,\"transposeS\":%.6f,\"greedyS\":%.6f}\n",
         rows.item.size(), classCount, sum, spent, chosen, queryS, mergeS, transposeS, greedyS);
  return 0;
}
