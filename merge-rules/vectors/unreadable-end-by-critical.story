What is critical and cannot be read may free too, whatever effect it states.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
node opaque effect critical-none as end
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: unknown [BACK-3]: job rests on the meaning of end, which may free what it holds and which this version cannot read; update this node
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
end: unknown [RULE-2]: end rests on a record that this version cannot read
pad is taken 1-3 by grant/0
may job at 2? hold, unknown [BACK-3]: job rests on the meaning of end, which may free what it holds and which this version cannot read; update this node
