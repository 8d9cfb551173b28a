#!lua
-- Begins to write all of a node's part again: the head says building, the map is empty. The stream stays; it goes on at the end.
--
-- KEYS[1]  string   presence:{node}:head, "<epoch> <seq>" or "<epoch> building <chunks>"
-- KEYS[2]  hash     presence:{node}:sessions
-- ARGV[1]  integer  epoch, above the stored one
-- returns  1: begun, now or by an earlier run, whose chunks stay; 0: refused, the stored epoch is later, or this one and complete
-- include keep.lua

local epoch, state = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) (%w+)')
if epoch == ARGV[1] and state == 'building' then
  return 1
end
if epoch and tonumber(epoch) >= tonumber(ARGV[1]) then
  return 0
end
redis.call('UNLINK', KEYS[2])
redis.call('SET', KEYS[1], ARGV[1] .. ' building 0')
keep(KEYS[1])
return 1
