-- Included by the scripts that need the time.
--
-- The shared clock: Redis TIME plus an offset, in milliseconds. The offset grows whenever the clock would step back (another
-- master with a slower clock took over), so that it never does, and yet goes on at once.
--
-- key    string   presence:{nodes}:clock, "<last time given> <offset>"
-- floor  integer  what it shows at least: should the key be lost, those who have seen it know how far it was
-- returns         the time
local function shared_clock(key, floor)
  local time = redis.call('TIME')
  local last, offset = string.match(redis.call('GET', key) or '', '^(%d+) (%d+)$')
  last, offset = math.max(tonumber(last or 0), floor), tonumber(offset or 0)
  local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) + offset
  if now < last then
    offset = offset + last - now
    now = last
  end
  redis.call('SET', key, string.format('%.0f %.0f', now, offset))
  return now
end
