/** What the reports say of periods that a plan was not made for, English. */
export const evaluationEn = {
  evaluation: 'On further periods',
  evaluationMet:
    'Evaluated on {periods} periods, the plan keeps every target; nearest to its target is {who} in {period}: {share} served, {required} asked for.',
  evaluationMissed:
    'Evaluated on {periods} periods, the plan misses {missed} of {all} targets; worst is {who} in {period}: {share} served, {required} asked for.',
  evaluationWorst: 'Evaluated on {periods} periods, the plan serves fewest in {period}: {share} of {who}.',
  evaluationNoRoom: 'Users are counted by signal alone: the room of sites is assigned in planning only.',
  evaluationLead:
    'These periods were not planned for: the sites of the plan are counted for the users of each. Shares of users served, by signal.',
  evaluationWho: 'Users',
  evaluationChart: 'Share served by period, {who}',
  evaluationPeriod: '{period}: {share}',
  evaluationTable: 'Every evaluated period, worst first',
} as const;

/** The same in Chinese. */
export const evaluationZh = {
  evaluation: '其他时段',
  evaluationMet:
    '在 {periods} 个时段上评估，方案达到全部目标；最接近目标的是 {period} 的{who}：已服务 {share}，要求 {required}。',
  evaluationMissed:
    '在 {periods} 个时段上评估，方案有 {missed} 个目标未达到（共 {all} 个）；最差的是 {period} 的{who}：已服务 {share}，要求 {required}。',
  evaluationWorst: '在 {periods} 个时段上评估，方案服务最少的是 {period}：{who}的 {share}。',
  evaluationNoRoom: '仅按信号统计用户：站点容量只在规划中分配。',
  evaluationLead: '规划时没有考虑这些时段：按每个时段的用户统计方案中的站点。按信号计算的已服务用户比例。',
  evaluationWho: '用户',
  evaluationChart: '各时段已服务比例，{who}',
  evaluationPeriod: '{period}：{share}',
  evaluationTable: '全部评估时段，最差的在前',
} as const;
