-- wrk: each request starts the automatic tasks of the next unit. Each thread has its own units, so
-- that none is asked for twice within one turn.
local token = os.getenv("MUTIRAO_TOKEN")
local units = tonumber(os.getenv("MUTIRAO_UNITS") or "1")
local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

function init(args)
  accepted, refused, other, unit = 0, 0, 0, number
  total = tonumber(args[1]) or 1
  headers = { ["Authorization"] = "Bearer " .. token }
end

function request()
  unit = unit + total
  if unit >= units then unit = number end
  return wrk.format("POST", "/api/empresas/unidade/" .. (unit + 1) .. "/auto-tarefas", headers)
end

-- 200: the unit has no active company.
function response(status)
  if status == 202 or status == 200 then
    accepted = accepted + 1
  elseif status == 429 or status == 503 or status == 507 then
    refused = refused + 1
  else
    other = other + 1
  end
end

function done(summary, latency)
  local sums = { accepted = 0, refused = 0, other = 0 }
  for _, thread in ipairs(threads) do
    for name, sum in pairs(sums) do sums[name] = sum + thread:get(name) end
  end
  local errors = summary.errors
  print(string.format("p50 %.2f ms, p99 %.2f ms, highest %.2f ms", latency:percentile(50) / 1000,
    latency:percentile(99) / 1000, latency.max / 1000))
  print(string.format("accepted=%d refused=%d other=%d unanswered=%d", sums.accepted, sums.refused,
    sums.other, errors.connect + errors.read + errors.write + errors.timeout))
end
