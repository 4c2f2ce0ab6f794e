/** English. `{name}` is filled in by `fill`. */
export const en = {
  languageName: 'English',
  stop: '.',
  listJoin: ', ',
  listLast: ' and ',
  clauseJoin: '; ',
  reasonJoin: '; ',
  sentenceJoin: ' ',

  everyone: 'all users',
  reasonPlace: ' in {region}',
  reasonPeriod: ' ({period})',
  reasonAdds: 'Adds {users} users{when}{place}',
  reasonRequired: 'Required by the scenario: adds {users} users{when}{place}',
  reasonAlone: '{users} have no other server',
  reasonCritical: 'without it {region}{when} would fall to {reached}, {required} are asked for',

  answerPlan: '{sites} bring stable signal ({criteria}) to {shares}{bound}',
  answerNothing: 'No new site is needed: stable signal ({criteria}) already reaches {shares} today',
  answerBudget:
    '{sites} within the budget bring stable signal ({criteria}) to {shares}; no plan within it can serve more than {bound} more users than are served today',
  answerShareAll: '{share} of users{periods}',
  answerShareRegion: ' and to {share} in {regions}',
  answerRegions: 'each of {count} regions',
  answerPeriods: ' in each of the {count} periods planned',
  answerSiteOne: '1 new site',
  answerSites: '{count} new sites',
  answerBoundSites: 'at least {bound} are needed',
  answerBoundSitesProved: 'no plan does with fewer',
  answerBoundCost: 'they cost {cost}, and no plan costs less than {bound}',
  answerBoundCostProved: 'they cost {cost}, and no plan costs less',
  answerUnknown:
    'For {share} of users there is no evidence of today’s signal, and they count as {as} until a new site covers them: {rest}',
  answerUnserved: 'not served',
  answerServed: 'served',
  answerMissed:
    'Not every target is met: {where} reaches {reached} of the {required} asked for, {short} users short{more}',
  answerMissedOne: ', and 1 more target is missed',
  answerMissedMore: ', and {count} more targets are missed',
  answerMissedProof: 'This is proved: no choice of the allowed sites does it',
  answerInterrupted: 'Interrupted before the search ended; this is the best plan found so far',
  answerTime: 'The time limit ended the search early',
} as const;
