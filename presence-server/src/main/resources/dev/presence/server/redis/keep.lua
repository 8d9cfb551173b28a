-- A node's keys stay for a week after their last write. A node that lives finds them gone only if it had nothing to say for as long,
-- and writes them again; one that died is finished and deleted long before, unless no record of it is left for anybody to see.
local KEEP_MILLIS = 604800000

local function keep(...)
  for _, key in ipairs({...}) do
    redis.call('PEXPIRE', key, KEEP_MILLIS)
  end
end
