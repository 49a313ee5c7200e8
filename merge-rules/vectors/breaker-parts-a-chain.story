A tripped breaker parts what rests on both its scopes: the node is in a/b, its giver in a and not in a/b. The
lease stays firm and may start nothing [BREAK-2], [TRIP-1].
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
region trips a/b from a as trip
may job at 2
---
