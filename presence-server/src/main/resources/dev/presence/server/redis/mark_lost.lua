#!lua
-- Marks a node lost, if its lease is over and was not renewed since the caller looked.
--
-- KEYS[1]  hash     presence:{nodes}, node id -> "<lease deadline> <epoch> <L: lost, -: not> " followed by a NodeRecord
-- KEYS[2]  string   presence:{nodes}:clock
-- ARGV[1]  string   node id
-- ARGV[2]  integer  the lease deadline that the caller saw
-- returns  1: marked, now or earlier; 0: not marked
-- include clock.lua

local stored = redis.call('HGET', KEYS[1], ARGV[1])
local deadline, epoch, mark = string.match(stored or '', '^(%d+) (%d+) ([L-]) ')
if mark == 'L' then
  return 1
end
if deadline ~= ARGV[2] or shared_clock(KEYS[2], 0) < tonumber(deadline) then
  return 0
end
local text = deadline .. ' ' .. epoch .. ' L '
redis.call('HSET', KEYS[1], ARGV[1], text .. string.sub(stored, #text + 1))
return 1
