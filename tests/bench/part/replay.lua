-- wrk sends the requests of a file in turn (its form: tests/bench/load.c).
local requests, at = {}, 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  while true do
    local head = file:read(4)
    if not head then break end
    local a, b, c, d = head:byte(1, 4)
    table.insert(requests, file:read(((d * 256 + c) * 256 + b) * 256 + a))
  end
  file:close()
end

function request()
  at = at % #requests + 1
  return requests[at]
end
