A fork of a safety log suspends all below it, and denies nothing.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
safety beside 1 enrols 10 as tenth
safety beside 1 enrols 12 as twelfth
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3; suspended until the end by safety [SUSP-1]
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
tenth: nothing is known of it
twelfth: nothing is known of it
pad is taken 1-3 by grant/0
may job at 2? hold, suspended until the end by safety [SUSP-1]
exception: log safety was forked in slot 2
