-- What do Delius's own reference tables say? What a user sees is the description; rows hold numbers.
CREATE OR REPLACE MACRO delius_id(list, code) AS
    CASE WHEN code IS NOT NULL THEN (hash(list || ':' || code) % 900000 + 100000)::BIGINT END;

CREATE OR REPLACE TEMP TABLE delius_entry AS
WITH lists(list, entries) AS (VALUES
    ('gender', MAP {
        'M': 'Male', 'F': 'Female', 'N': 'Not Known / Not Recorded'}),
    ('ethnicity', MAP {
        'W1': 'White: British/English/Welsh/Scottish/Northern Irish', 'W2': 'White : Irish', 'W4': 'White: Gypsy or Irish Traveller', 'W9': 'White: Other',
        'M1': 'Mixed: White and Black Caribbean', 'M2': 'Mixed: White and Black African', 'M3': 'Mixed: White and Asian', 'M9': 'Mixed: Other',
        'A1': 'Asian or Asian British: Indian', 'A2': 'Asian or Asian British: Pakistani', 'A3': 'Asian or Asian British: Bangladeshi',
        'A4': 'Asian or Asian British: Chinese', 'A9': 'Asian or Asian British: Other', 'B1': 'Black or Black British: Caribbean',
        'B2': 'Black or Black British: African', 'B9': 'Black or Black British: Other', 'O1': 'Chinese', 'O2': 'Other: Arab', 'O9': 'Other Ethnic Group',
        'NS': 'Refusal', 'ETH03': 'Z_Dummy Ethnicity 04/05', 'Z1': ''}),
    ('nationality', MAP {
        'B': 'British', 'F': 'Foreign national', 'U': 'Not known or stateless'}),
    ('address_status', MAP {
        'M': 'Main', 'P': 'Previous', 'S': 'Secondary', 'B': 'Bail', 'PR': 'Proposed'}),
    ('identifier_type', MAP {
        'PNC': 'PNC number, earlier or duplicate', 'CRO': 'CRO number, earlier or duplicate', 'NOMS': 'NOMS number, earlier or duplicate',
        'NINO': 'National insurance number', 'ASN': 'Arrest or summons number', 'DRL': 'Driving licence', 'IMMN': 'Immigration number',
        'YCRN': 'Youth offending team number', 'MSVN': 'Merged from CRN'}),
    ('probation_area', MAP {
        'T01': 'Avon & Somerset', 'T02': 'Bedfordshire', 'T03': 'Cambridgeshire & Peterborough', 'T04': 'Cheshire', 'T05': 'Cumbria', 'T06': 'Derbyshire',
        'T07': 'Devon & Cornwall', 'T08': 'Dorset', 'T09': 'Durham Tees Valley', 'T10': 'Essex', 'T11': 'Gloucestershire', 'T12': 'Greater Manchester',
        'T13': 'Hampshire', 'T14': 'Hertfordshire', 'T15': 'Humberside', 'T16': 'Kent', 'T17': 'Lancashire', 'T18': 'Leicestershire & Rutland',
        'T19': 'Lincolnshire', 'T20': 'London', 'T21': 'Merseyside', 'T22': 'Norfolk & Suffolk', 'T23': 'Northamptonshire', 'T24': 'Northumbria',
        'T25': 'Nottinghamshire', 'T26': 'South Yorkshire', 'T27': 'Staffordshire & West Midlands', 'T28': 'Surrey & Sussex', 'T29': 'Thames Valley',
        'T30': 'Wales', 'T31': 'Warwickshire', 'T32': 'West Mercia', 'T33': 'West Yorkshire', 'T34': 'Wiltshire', 'T35': 'York & North Yorkshire',
        'C01': 'BVT CRC', 'C02': 'CPA Bristol Gloucestershire Somerset & Wiltshire', 'C03': 'CPA Brighton & Kent Surrey Sussex',
        'C04': 'CPA Cheshire and Gtr Manchester', 'C05': 'CPA Cumbria and Lancashire', 'C06': 'CPA Derby Leics Notts Rutland',
        'C07': 'CPA Dorset Devon and Cornwall', 'C08': 'CPA Durham Tees Valley', 'C09': 'CPA Essex', 'C10': 'CPA Hampshire and Isle of Wight',
        'C11': 'CPA Humber Lincs & N Yorks', 'C12': 'CPA London', 'C13': 'CPA Merseyside', 'C14': 'CPA Norfolk and Suffolk', 'C15': 'CPA Northumbria',
        'C16': 'CPA South Yorkshire', 'C17': 'CPA Staffs and West Mids', 'C18': 'CPA Thames Valley', 'C19': 'CPA Wales',
        'C20': 'CPA Warwickshire and West Mercia', 'C21': 'CPA West Yorkshire', 'N01': 'NPS London', 'N02': 'NPS Midlands', 'N03': 'NPS North East',
        'N04': 'NPS North West', 'N05': 'NPS South East', 'N06': 'NPS South West', 'N07': 'NPS Wales', 'R01': 'East Midlands Region', 'R02': 'East of England',
        'R03': 'Greater Manchester Region', 'R04': 'Kent Surrey Sussex Region', 'R05': 'London Region', 'R06': 'North East Region', 'R07': 'North West Region',
        'R08': 'South Central', 'R09': 'South West Region', 'R10': 'Wales Region', 'R11': 'West Midlands Region', 'R12': 'Yorkshire and The Humber',
        'P01': 'Altcourse (HMP)', 'P02': 'Belmarsh (HMP)', 'P03': 'Birmingham (HMP)', 'P04': 'Bristol (HMP)', 'P05': 'Cardiff (HMP)', 'P06': 'Doncaster (HMP)',
        'P07': 'Durham (HMP)', 'P08': 'Leeds (HMP)', 'P09': 'Manchester (HMP)', 'P10': 'Pentonville (HMP)', 'P11': 'Wandsworth (HMP)', 'P12': 'Winchester (HMP)',
        'X01': 'Ext - Scotland', 'X02': 'Ext - Northern Ireland', 'X03': 'Ext - Isle of Man', 'X04': 'No Trust or Trust Unknown',
        'X05': 'National Security Division'}),
    ('disposal_type', MAP {
        'CO': 'ORA Community Order', 'COP': 'CJA - Community Order', 'SSO': 'ORA Suspended Sentence Order', 'SSOP': 'CJA - Suspended Sentence Order',
        'YRO': 'Youth Rehabilitation Order (transferred)', 'ORA': 'ORA Adult Custody (inc PSS)', 'ADI': 'CJA - Std Determinate Custody',
        'EDS': 'CJA - Extended Sentence', 'IPP': 'CJA - Indeterminate Public Prot.', 'LIFE': 'Life Imprisonment',
        'YOI': 'ORA Young Offender Institution (inc PSS)', 'YOIP': 'CJA - Young Offender Institution', 'DTO': 'Detention and Training Order'}),
    ('disposal_term_reason', MAP {
        'C': 'Completed - early good progress', 'E': 'Expired (Normal)', 'R': 'Revoked - breach', 'RF': 'Revoked - further offence',
        'RG': 'Revoked - good progress', 'D': 'Death', 'T': 'Transferred out', 'O': 'Order/Sentence completed'}),
    ('custodial_status', MAP {
        'A': 'Sentenced - In Custody', 'D': 'In Custody', 'B': 'Released - On Licence', 'C': 'Recalled', 'P': 'Post Sentence Supervision', 'T': 'Terminated',
        'I': 'In Custody - Indeterminate'}),
    ('release_type', MAP {
        'ADL': 'Adult Licence', 'PSS': 'End Custody - No Licence', 'LIF': 'Life Licence', 'EXT': 'Extended Licence', 'FTR': 'Release from Fixed Term Recall',
        'STR': 'Release from Standard Recall'}),
    ('recall_reason', MAP {
        'NN': 'Failed to reside', 'FA': 'Further Offence/Charge', 'BC': 'Breach of Conditions', 'OT': 'Out of Touch', 'DR': 'Drugs and/or Alcohol',
        'PB': 'Poor Behaviour', 'HD': 'Breach of Exclusion'}),
    ('rqmnt_main_category', MAP {
        'W': 'Unpaid Work', 'F': 'Rehabilitation Activity Requirement (RAR)', 'S': 'Supervision', 'P': 'Programme', 'C': 'Curfew', 'D': 'Drug Rehabilitation',
        'A': 'Alcohol Treatment', 'X': 'Alcohol Abstinence & Electronic Monitoring (AAMR)', 'M': 'Mental Health', 'R': 'Residence', 'E': 'Exclusion',
        'B': 'Prohibited Activity', 'T': 'Attendance Centre'}),
    ('rqmnt_sub_category', MAP {
        'W01': 'Regular', 'W02': 'Intensive', 'F01': 'Rehabilitation Activity Requirement (RAR)', 'S01': 'Supervision', 'P01': 'Building Better Relationships',
        'P02': 'Thinking Skills Programme', 'P03': 'Horizon', 'P04': 'Drink Impaired Drivers', 'C01': 'Standard Curfew',
        'C02': 'Electronically Monitored Curfew', 'D01': 'Drug Rehabilitation - High', 'D02': 'Drug Rehabilitation - Low', 'A01': 'Alcohol Treatment - Low',
        'A02': 'Alcohol Treatment - High', 'X01': 'Alcohol Abstinence & Electronic Monitoring', 'M01': 'Mental Health - Community',
        'R01': 'Residence - Approved Premises', 'R02': 'Residence - Other', 'E01': 'Exclusion - Person', 'E02': 'Exclusion - Area', 'B01': 'Prohibited Activity',
        'T01': 'Attendance Centre'}),
    ('rqmnt_term_reason', MAP {
        'C': 'Requirement Completed', 'E': 'Expired (Normal)', 'H': 'Hours Completed Outside 12 months (UPW only)', 'B': 'Revoked - breach',
        'F': 'Revoked - further offence', 'U': 'Unable to complete', 'D': 'Death', 'N': 'Never commenced'}),
    ('lic_cond_main_cat', MAP {
        'G': 'Good Behaviour', 'N': 'Contact Requirement', 'R': 'Residence', 'P': 'Programme', 'D': 'Drug Testing', 'L': 'Polygraph', 'E': 'Exclusion',
        'C': 'Curfew', 'M': 'Electronic Monitoring', 'A': 'Alcohol Monitoring (AML)', 'NC': 'No Contact'}),
    ('lic_cond_sub_cat', MAP {
        'G01': 'Standard 7 Conditions', 'N01': 'Report to Officer', 'R01': 'Approved Premises', 'R02': 'Approved Address',
        'P01': 'Offending Behaviour Programme', 'D01': 'Comply with Drug Testing', 'L01': 'Polygraph Test', 'E01': 'Exclusion Zone', 'C01': 'Curfew',
        'M01': 'Location Monitoring', 'A01': 'Alcohol Monitoring', 'NC01': 'Victim', 'NC02': 'Children'}),
    ('lic_term_reason', MAP {
        'E': 'Expired (Normal)', 'R': 'Recalled', 'C': 'Condition Completed', 'V': 'Varied', 'D': 'Death'}),
    ('pss_main_cat', MAP {
        'S': 'Standard 7 PSS Requirements', 'D': 'Drug Testing', 'A': 'Drug Appointment', 'R': 'Rehabilitation Activity'}),
    ('pss_sub_cat', MAP {
        'S01': 'Standard 7 Requirements', 'D01': 'Class A and B Drug Testing', 'A01': 'Drug Appointment', 'R01': 'Activity Days'}),
    ('pss_term_reason', MAP {
        'E': 'Expired (Normal)', 'C': 'Requirement Completed', 'B': 'Breach - Committed', 'R': 'Returned to Custody', 'D': 'Death'}),
    ('report_type', MAP {
        'SDR': 'Pre-Sentence Report - Standard', 'FDR': 'Pre-Sentence Report - Fast', 'ORL': 'Pre-Sentence Report - Oral', 'BRC': 'Breach Report',
        'ADD': 'Addendum'}),
    ('court_outcome', MAP {
        'CO': 'Community Order', 'SS': 'Suspended Sentence', 'IC': 'Immediate Custody', 'LI': 'Life Imprisonment', 'YO': 'Youth Order',
        'AD': 'Adjourned - Pre-Sentence Report'}),
    ('plea', MAP {
        'G': 'Guilty', 'N': 'Not Guilty', 'K': 'Not Known'}),
    ('remand_status', MAP {
        'B': 'Bail - Unconditional', 'C': 'Bail - Conditional', 'R': 'Remanded in Custody', 'N': 'Not Known'})
), each_entry AS (
    SELECT list, unnest(map_entries(entries)) AS entry FROM lists
)
SELECT 0 AS row_key, list, delius_id(list, entry.key) AS id, entry.key AS code, entry.value AS description FROM each_entry;

CREATE OR REPLACE TEMP TABLE delius_r_gender AS
SELECT row_key, id AS gender_id, code, description FROM delius_entry WHERE list = 'gender';
CREATE OR REPLACE TEMP TABLE delius_r_ethnicity AS
SELECT row_key, id AS ethnicity_id, code, description FROM delius_entry WHERE list = 'ethnicity';
CREATE OR REPLACE TEMP TABLE delius_r_nationality AS
SELECT row_key, id AS nationality_id, code, description FROM delius_entry WHERE list = 'nationality';
CREATE OR REPLACE TEMP TABLE delius_r_address_status AS
SELECT row_key, id AS address_status_id, code, description FROM delius_entry WHERE list = 'address_status';
CREATE OR REPLACE TEMP TABLE delius_r_identifier_type AS
SELECT row_key, id AS identifier_name_id, code, description FROM delius_entry WHERE list = 'identifier_type';
CREATE OR REPLACE TEMP TABLE delius_r_probation_area AS
SELECT row_key, id AS probation_area_id, code, description FROM delius_entry WHERE list = 'probation_area';
CREATE OR REPLACE TEMP TABLE delius_r_disposal_type AS
SELECT row_key, id AS disposal_type_id, code, description, CASE WHEN code IN ('CO', 'COP', 'SSO', 'SSOP', 'YRO') THEN 'SP' ELSE 'SC' END AS sentence_type,
    'Y' AS cja2003, 'N' AS pre_cja2003
FROM delius_entry WHERE list = 'disposal_type';
CREATE OR REPLACE TEMP TABLE delius_r_disposal_term_reason AS
SELECT row_key, id AS disposal_termination_reason_id, code, description FROM delius_entry WHERE list = 'disposal_term_reason';
CREATE OR REPLACE TEMP TABLE delius_r_custodial_status AS
SELECT row_key, id AS custodial_status_id, code, description FROM delius_entry WHERE list = 'custodial_status';
CREATE OR REPLACE TEMP TABLE delius_r_release_type AS
SELECT row_key, id AS release_type_id, code, description FROM delius_entry WHERE list = 'release_type';
CREATE OR REPLACE TEMP TABLE delius_r_recall_reason AS
SELECT row_key, id AS recall_reason_id, code, description FROM delius_entry WHERE list = 'recall_reason';
CREATE OR REPLACE TEMP TABLE delius_r_rqmnt_main_category AS
SELECT row_key, id AS rqmnt_type_main_category_id, code, description FROM delius_entry WHERE list = 'rqmnt_main_category';
CREATE OR REPLACE TEMP TABLE delius_r_rqmnt_sub_category AS
SELECT row_key, id AS rqmnt_type_sub_category_id, code, description FROM delius_entry WHERE list = 'rqmnt_sub_category';
CREATE OR REPLACE TEMP TABLE delius_r_rqmnt_term_reason AS
SELECT row_key, id AS rqmnt_termination_reason_id, code, description FROM delius_entry WHERE list = 'rqmnt_term_reason';
CREATE OR REPLACE TEMP TABLE delius_r_lic_cond_main_cat AS
SELECT row_key, id AS lic_cond_type_main_cat_id, code, description FROM delius_entry WHERE list = 'lic_cond_main_cat';
CREATE OR REPLACE TEMP TABLE delius_r_lic_cond_sub_cat AS
SELECT row_key, id AS lic_cond_type_sub_cat_id, code, description FROM delius_entry WHERE list = 'lic_cond_sub_cat';
CREATE OR REPLACE TEMP TABLE delius_r_lic_term_reason AS
SELECT row_key, id AS lic_cond_term_reason_id, code, description FROM delius_entry WHERE list = 'lic_term_reason';
CREATE OR REPLACE TEMP TABLE delius_r_pss_main_cat AS
SELECT row_key, id AS pss_rqmnt_type_main_cat_id, code, description FROM delius_entry WHERE list = 'pss_main_cat';
CREATE OR REPLACE TEMP TABLE delius_r_pss_sub_cat AS
SELECT row_key, id AS pss_rqmnt_type_sub_cat_id, code, description FROM delius_entry WHERE list = 'pss_sub_cat';
CREATE OR REPLACE TEMP TABLE delius_r_pss_term_reason AS
SELECT row_key, id AS pss_rqmnt_term_reason_id, code, description FROM delius_entry WHERE list = 'pss_term_reason';
CREATE OR REPLACE TEMP TABLE delius_r_report_type AS
SELECT row_key, id AS court_report_type_id, code, description FROM delius_entry WHERE list = 'report_type';
CREATE OR REPLACE TEMP TABLE delius_r_court_outcome AS
SELECT row_key, id AS outcome_id, code, description FROM delius_entry WHERE list = 'court_outcome';
CREATE OR REPLACE TEMP TABLE delius_r_plea AS
SELECT row_key, id AS plea_id, code, description FROM delius_entry WHERE list = 'plea';
CREATE OR REPLACE TEMP TABLE delius_r_remand_status AS
SELECT row_key, id AS remand_status_id, code, description FROM delius_entry WHERE list = 'remand_status';
CREATE OR REPLACE TEMP TABLE delius_r_delivered_type AS
SELECT row_key, id AS delivered_court_report_type_id, code, description FROM delius_entry WHERE list = 'report_type';
CREATE OR REPLACE TEMP TABLE delius_r_court AS
SELECT DISTINCT 0 AS row_key, delius_id('court', 'M' || court) AS court_id, 'MAG' AS court_type, court AS magistrates_court_code, NULL::VARCHAR AS crown_court_code FROM courts
UNION ALL
SELECT DISTINCT 0, delius_id('court', 'C' || crown_court), 'CRN', NULL, crown_court FROM courts;

-- Home Office codes say less than offence codes: several of those are one here.
CREATE OR REPLACE TEMP TABLE delius_r_offence AS
WITH categories(main_category_code, main_category_description) AS (
    SELECT unnest(map_keys(c)), unnest(map_values(c)) FROM (SELECT MAP {
        '001': 'Murder', '002': 'Attempted Murder', '003': 'Threats to Kill', '004': 'Manslaughter and Causing Death by Driving',
        '005': 'Wounding or Other Act Endangering Life', '008': 'Other Wounding', '009': 'Offensive Weapons', '011': 'Cruelty to or Neglect of Children',
        '017': 'Sexual Assault', '019': 'Rape', '020': 'Sexual Assault by Penetration', '021': 'Sexual Activity with a Child under 13',
        '022': 'Sexual Activity with a Child under 16', '028': 'Burglary in a Dwelling', '029': 'Aggravated Burglary in a Dwelling',
        '030': 'Burglary Not in a Dwelling', '033': 'Going Equipped and Breach of Orders', '034': 'Robbery', '036': 'Kidnapping',
        '037': 'Causing Death by Careless Driving', '038': 'Proceeds of Crime', '039': 'Theft from the Person', '040': 'Theft in a Dwelling',
        '041': 'Theft by an Employee', '043': 'Abstracting Electricity', '044': 'Theft of a Pedal Cycle', '045': 'Theft from Vehicles',
        '046': 'Theft from Shops', '048': 'Theft of a Motor Vehicle', '049': 'Other Theft', '051': 'Conspiracy to Defraud', '053': 'Fraud and Making Off',
        '054': 'Handling Stolen Goods', '056': 'Arson', '058': 'Other Criminal Damage', '061': 'Forgery and False Documents', '064': 'Riot',
        '065': 'Violent Disorder', '066': 'Other Offences Against Public Order', '067': 'Perjury', '079': 'Perverting the Course of Justice',
        '080': 'Prison Offences', '081': 'Firearms Act Offences', '083': 'Bail Offences', '086': 'Indecent Photographs of Children',
        '088': 'Other Sexual Offences', '092': 'Drugs Offences', '094': 'Health, Safety and Waste', '104': 'Assault on a Constable', '105': 'Common Assault',
        '106': 'Cruelty to Animals', '125': 'Public Order (summary)', '130': 'Taking a Vehicle Without Consent', '139': 'Exposure', '140': 'Drunkenness',
        '149': 'Criminal Damage (summary)', '165': 'Prostitution', '166': 'Notification Requirements', '173': 'Education Acts', '187': 'Railway Offences',
        '191': 'Television Licences', '195': 'Other Summary Offences and Breaches', '802': 'Dangerous Driving', '803': 'Driving After Drink or Drugs',
        '804': 'Careless Driving', '805': 'Speeding', '807': 'Driving Licence Offences', '809': 'Insurance Offences', '810': 'Accident Offences',
        '815': 'Vehicle in Dangerous Condition', '823': 'Vehicle Registration and Excise', '825': 'Other Motoring Offences'} AS c)
)
SELECT 0 AS row_key, delius_id('offence', ho_class || ho_subclass) AS offence_id, ho_class || ho_subclass AS code,
    ho_class AS main_category_code, main_category_description, ho_subclass AS sub_category_code,
    CASE min(offence_group) WHEN '01' THEN 'VI' WHEN '02' THEN 'SX' WHEN '03' THEN 'RB' WHEN '05' THEN 'DA' WHEN '06' THEN 'DR' WHEN '08' THEN 'PO'
         WHEN '10' THEN 'FR' WHEN '12' THEN 'MO' WHEN '04' THEN CASE WHEN ho_class IN ('028', '029', '030') THEN 'BG' ELSE 'TH' END ELSE 'OT' END AS ogrs_offence_category
FROM offences JOIN categories ON main_category_code = ho_class
GROUP BY ho_class, ho_subclass, main_category_description;
