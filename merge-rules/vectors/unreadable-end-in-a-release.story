A release whose body cannot be read ends nothing, and its claim does not act.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
node broken effect frees as end
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: unknown [BACK-3]: job rests on the meaning of end, which may free what it holds and which this version cannot read; update this node
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
end: void [KIND-2]: end is void: its body cannot be read
pad is taken 1-3 by grant/0
may job at 2? hold, unknown [BACK-3]: job rests on the meaning of end, which may free what it holds and which this version cannot read; update this node
exception: void [KIND-2]: end is void: its body cannot be read
