An enrolment of three logs that has four is ended: its claims are suspended, and those of open resources unknown.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
node-next claims track 8-9 as open
node-third claims track 1-2 as second
node-fourth claims track 3-4 as third
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3; suspended until the end by the node [SUSP-1]
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
open/0: unknown [OPEN-5]: open rests on a log that was forked or driven out, until 1970-05-10T16:00:00.000 TAI; suspended until the end by the node [SUSP-1]
second/0: unknown [OPEN-5]: second rests on a log that was forked or driven out, until 1970-05-10T16:00:00.000 TAI; suspended until the end by the node [SUSP-1]
third/0: unknown [OPEN-5]: third rests on a log that was forked or driven out, until 1970-05-10T16:00:00.000 TAI; suspended until the end by the node [SUSP-1]
pad is taken 1-3 by grant/0
track is taken 1-2 by second/0
track is taken 3-4 by third/0
track is taken 8-9 by open/0
may job at 2? hold, suspended until the end by the node [SUSP-1]
exception: enrolment the node has more living logs than it may have
