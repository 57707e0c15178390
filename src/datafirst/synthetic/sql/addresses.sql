-- Where do they live? The homes that somebody of this chunk lives in on a day that matters, and their postcodes:
-- about 1.5 million are possible, each of about 15 households, and hostels are shared by many.
CREATE OR REPLACE TEMP TABLE home AS
WITH wanted AS (
    SELECT DISTINCT home, coalesce(h.home_key, 4398046511104 + defendant) AS home_key, coalesce(c.home_area, h.home_area) AS home_area
    FROM every_record AS r
    LEFT JOIN human AS h ON h.person = r.defendant AND NOT r.is_company
    LEFT JOIN company AS c ON c.company = r.defendant AND r.is_company
), located AS (
    SELECT home, home_key,
           CASE WHEN u('away', home) < 0.07 THEN elsewhere.item ELSE home_area END AS area,
           u('hostel', home) < 0.035 AS is_hostel, whole(u('which hostel', home), 0, 5) AS hostel
    FROM wanted
    JOIN area_wheel AS elsewhere ON elsewhere.slot = whole(u('elsewhere', home), 0, 4095)
), keyed AS (
    SELECT located.*, areas.town, areas.county, areas.districts,
           CASE WHEN is_hostel THEN hash(areas.area) % 100000 * 8 + hostel ELSE home + 1099511627776 END AS spot,
           CASE WHEN is_hostel THEN hash(areas.area) % 100000 * 8 + hostel
                WHEN u('same district', home) < 0.62 THEN home_key + 2199023255552
                ELSE home + 1099511627776 END AS district_spot
    FROM located JOIN areas USING (area)
), coded AS (
    SELECT *,
        area || whole(u('district', district_spot), 1, districts)
            || CASE WHEN area IN ('EC', 'WC') THEN one_of(u('letter', district_spot), ['A', 'M', 'N', 'V', 'R']) ELSE '' END
            || ' ' || whole(u('sector', spot), 1, 6)
            || 'ABDEFGHJLN'[whole(u('unit1', spot), 1, 10)] || 'PQRSTUWXYZ'[1 + floor(10 * u('unit2', spot) ^ 1.3)::INTEGER]
            AS postcode
    FROM keyed
)
SELECT home, postcode, town, county,
    CASE WHEN is_hostel THEN one_of(u('hostel name', spot), getvariable('streets_start')) || ' House'
         WHEN u('flat', home) < 0.14 THEN 'Flat ' || whole(u('flat number', home), 1, 24) || ', '
            || whole(u('house', home), 1, 60) || ' ' || street
         ELSE whole(u('house', home), 1, 60) || ' ' || street END AS first_line
FROM (SELECT *, one_of(u('street', hash(postcode)), getvariable('streets_start')) || ' '
             || one_of(u('street end', hash(postcode)), getvariable('streets_end')) AS street FROM coded);
