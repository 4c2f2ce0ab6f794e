/** What reports say of several services, English. */
export const serviceEn = {
  service: 'Service',
  services: 'Services',
  servicesAll: 'all services',
  servicesLead:
    'Every user wants one service at a time. Each service is served from its own signal on and makes its own traffic. The finished plan, all sites built.',
  serviceFrom: 'Served from',
  serviceOffered: 'Offered, Mbit/s',
  serviceBlocked: 'Blocked',
  serviceUsers: 'users of {service}',
  serviceIn: '{region}, {service}',
  answerShareService: ', to {share} of {services}',
  cellOfService: '{users} – {now}',
} as const;

/** The same in Chinese. */
export const serviceZh = {
  service: '业务',
  services: '业务',
  servicesAll: '全部业务',
  servicesLead:
    '每个用户在同一时刻只使用一种业务。各业务有自己的信号门限和业务量。按全部站点建成后的方案计算。',
  serviceFrom: '信号门限',
  serviceOffered: '需求（Mbit/s）',
  serviceBlocked: '未承载',
  serviceUsers: '{service}用户',
  serviceIn: '{region}，{service}',
  answerShareService: '，{services} {share}',
  cellOfService: '{users}，{now}',
} as const;
