Time proves a reclaim once the window and the guard are surely over; a longer claim then finds room.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
clock 14
region reclaims grant
rival claims pad 1-5 as late
region gives late: pad 1-5 of right as again
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: unknown [RECLAIM-2]: job rests on grant, which region:2 took back as over; compare the clocks of this node and of the giver
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
late/0: firm [LEASE-5]: late is given through a proven chain from the charter; covered to 5
again: firm [LEASE-5]: again is given through a proven chain from the charter
pad is taken 1-3 by grant/0
pad is taken 1-5 by again/0
