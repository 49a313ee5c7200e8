What was taken back as over higher up the chain leaves all below it unknown.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
clock 13
root reclaims right as back
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: unknown [RECLAIM-2]: job rests on right, which back took back as over; compare the clocks of this node and of the giver
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
back: firm [RULE-2]: back is said by one who is granted to say it
pad is taken 1-3 by grant/0
may job at 2? hold, unknown [RECLAIM-2]: job rests on right, which back took back as over; compare the clocks of this node and of the giver
