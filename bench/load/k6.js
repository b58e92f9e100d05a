// k6: each virtual user starts a unit's job and follows it to its end, as the front end does.
//   . build/load/env; k6 run bench/load/k6.js
import http from 'k6/http';
import { check, sleep } from 'k6';
import { Counter, Trend } from 'k6/metrics';

const url = __ENV.MUTIRAO_URL;
const units = Number(__ENV.MUTIRAO_UNITS || 1);
const given = { headers: { Authorization: `Bearer ${__ENV.MUTIRAO_TOKEN}` } };
const ended = new Counter('jobs_ended');
const lost = new Counter('jobs_lost');
const duration = new Trend('job_duration', true);

export const options = {
  scenarios: { jobs: { executor: 'constant-vus', vus: 50, duration: '30s', gracefulStop: '60s' } },
  thresholds: { jobs_lost: ['count==0'], checks: ['rate==1.0'] },
};

function status(job) {
  return http.get(`${url}/api/empresas/jobs/${job}`, given).json('status');
}

export default function () {
  const unit = 1 + ((__VU * 7919 + __ITER) % units);
  const began = Date.now();
  const posted = http.post(`${url}/api/empresas/unidade/${unit}/auto-tarefas`, null, given);
  if (!check(posted, { accepted: (answer) => answer.status === 202 })) return;
  const job = posted.json('jobId');
  for (let asked = 0; asked < 600; ++asked) {
    const now = status(job);
    if (now === 'completed' || now === 'failed') {
      ended.add(1);
      duration.add(Date.now() - began);
      return;
    }
    sleep(0.1);
  }
  lost.add(1);
}
