-- What do XHIBIT's own reference tables say?
CREATE OR REPLACE TEMP TABLE xhb_ref_offence AS
SELECT 0 AS row_key, offence_code, mode AS ho_proc_type, ho_class, ho_subclass AS ho_sub_class, offence_class, offence_group, priority AS ho_code_priority
FROM offences;
CREATE OR REPLACE TEMP TABLE xhb_ref_disposal AS
SELECT 0 AS row_key, disposal_code, result_priority, outcome_group FROM disposals;
