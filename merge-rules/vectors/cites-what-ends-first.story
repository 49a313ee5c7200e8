A claim that outlives the right it is drawn on is void.
---
root gives region: pad 0-12 of first as right
region gives node: pad 2-6 of right as lower until 9
node claims pad 3-5 of lower as job
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
lower: firm [LEASE-5]: lower is given through a proven chain from the charter
job/0: void [RULE-5]: job is void: it outlives what it cites
pad is taken 3-5 by job/0
exception: void [RULE-5]: job is void: it outlives what it cites
