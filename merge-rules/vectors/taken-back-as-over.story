A give that its giver took back as over leaves the lease unknown, whatever the reader's clock says.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
clock 4
region reclaims grant as back
rival claims pad 1-3 as other
region gives other: pad 1-3 of right as again
may job at 2
may other at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: unknown [RECLAIM-2]: job rests on grant, which back took back as over; compare the clocks of this node and of the giver
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
back: firm [RULE-2]: back is said by one who is granted to say it
other/0: firm [LEASE-5]: other is given through a proven chain from the charter; covered to 3
again: firm [LEASE-5]: again is given through a proven chain from the charter
pad is taken 1-3 by grant/0
pad is taken 1-3 by again/0
may job at 2? hold, unknown [RECLAIM-2]: job rests on grant, which back took back as over; compare the clocks of this node and of the giver
may other at 2? go until 2:59:58, on news of an age that is not known
