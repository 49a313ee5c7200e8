Whoever takes its own claim back as over does not act by it.
---
root claims pad 1-3 of first as job
clock 4
root reclaims job as back
may job at 2
---
job/0: unknown [RECLAIM-2]: job rests on job, which back took back as over; compare the clocks of this node and of the giver
back: firm [RULE-2]: back is said by one who is granted to say it
pad is taken 1-3 by job/0
may job at 2? hold, unknown [RECLAIM-2]: job rests on job, which back took back as over; compare the clocks of this node and of the giver
