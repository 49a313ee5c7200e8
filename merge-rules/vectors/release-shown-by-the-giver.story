A release that a giver shows and that is not here leaves the lease unknown: were it ended, a fork of the giver's log would undo that.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
node releases job as end
region reclaims grant by end
node beside 1 claims track 1-2 as other
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: unknown [BACK-2]: job rests on release end, which a giver shows and is not here
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
end: nothing is known of it
other: nothing is known of it
may job at 2? hold, unknown [BACK-2]: job rests on release end, which a giver shows and is not here
exception: log node was forked in slot 2
