A closing ends the trips that it names and no other: one of the same breaker that arrives later stands, however
early it was written [BREAK-1].
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
clock 1
region trips a/b from a as first
safety closes first as end
clock 0
region trips a/b from a as second
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3; suspended until the end by second [BREAK-2]
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
end: firm [RULE-2]: end is said by one who is granted to say it
pad is taken 1-3 by grant/0
may job at 2? hold, suspended until the end by second [BREAK-2]
