When the right is lost with its giver's forked log, what was drawn on it is unknown.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
root beside 0 gives rival: pad 0-12 of first
may job at 2
---
right: nothing is known of it
job/0: unknown [ORDER-6]: grant rests on record right, which is not here
grant: unknown [ORDER-6]: grant rests on record right, which is not here
may job at 2? hold, unknown [ORDER-6]: grant rests on record right, which is not here
exception: log root was forked in slot 1
