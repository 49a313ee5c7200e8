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
