A forked log hides whoever may be there: claims of its scope are unknown in windows that its claims could reach.
---
rival claims track 1-2 class 2 as one
rival beside 0 claims track 5-6 class 2 as other
node claims track 1-3 class 1 as job
free track 7-8 at 0
---
one: nothing is known of it
other: nothing is known of it
job/0: unknown [OPEN-5]: job rests on a log that was forked or driven out, until 1970-05-10T16:00:00.000 TAI
track is taken 1-3 by job/0
is track free 7-8? unknown, it rests on a log that was forked or driven out, until 1970-05-10T16:00:00.000 TAI
exception: log rival was forked in slot 1
