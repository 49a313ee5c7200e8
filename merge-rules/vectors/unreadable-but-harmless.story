What neither takes nor frees, and is not critical, changes nothing; nor does what another log says.
---
root gives region: pad 0-12 of first as right
node claims pad 1-3 as job
region gives job: pad 1-3 of right as grant
node opaque effect none as note
node broken effect none as torn
rival opaque effect frees as other
region opaque effect critical-frees as late
may job at 2
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
grant: firm [LEASE-5]: grant is given through a proven chain from the charter
note: unknown [RULE-2]: note rests on a record that this version cannot read
torn: void [KIND-2]: torn is void: its body cannot be read
other: unknown [RULE-2]: other rests on a record that this version cannot read
late: unknown [RULE-2]: late rests on a record that this version cannot read
pad is taken 1-3 by grant/0
may job at 2? go until 2:59:58, on news of 1:58:02 before
exception: void [KIND-2]: torn is void: its body cannot be read
