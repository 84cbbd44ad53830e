#!/usr/bin/env bash
# csvkit 2.2.0, DuckDB 2.0.1, polars 2.1.0, pyarrow 26.0.1, frictionless 5.21.0, sqlite-utils 4.2.1, rows 0.4.1, petl
# 1.7.30 and VisiData 3.4 (PyPI), papaparse 5.7.1, d3-dsv 3.0.2, csvtojson 2.0.14 with @json2csv/plainjs 7.0.8, and
# SheetJS 0.18.5 (`xlsx`; npm, Node.js 20): the file of users that a pool imports, read and written once, as to sort
# it. Its header (`GetCSVHeader`) is made of the `Schema` of the pool. By the developer guide no value is in quotation
# marks, a comma in a value has a backslash before it, a birthdate is mm/dd/yyyy, and a phone number begins with +.
#
# Guess: a tool that is asked to change no value leaves the file as it is, and refuses a row with `\,`, which has one
#   field too many for it.
# Behaviour: of fifteen ways to read and write it, twelve change a file in which no value has a comma: the + of the
#   phone number, the form of the birthdate or the zeros before a custom attribute are lost. DuckDB, and polars if it
#   is to find dates, read a file in which no day is above 12 as day/month, so the 2nd of January becomes the 1st of
#   February. pyarrow makes 1.2345550199e+10 of the phone number. If one value has a comma, four refuse the file. Five
#   end well and lose the last value of that row, here a custom attribute, after they moved the others by one column.
#   DuckDB takes all rows before it for no part of the table if it is the last row, and keeps one user of 500;
#   elsewhere it makes one column of the whole line. VisiData and csvtojson trim the space behind the comma. Check the
#   `address` of the users first, and count them afterwards. csvkit can do it right, with `csvsort -I -p '\'` and then
#   `csvformat -U 3 -P '\'`.
# Output seen (what changed in a file without a comma; the row that ended in `123 Any Street\, Any
#   Town,1471453472,FALSE,00800`):
#   csvsort: birthdate 1985-01-02, phone_number 12345550199, custom:code 700; refused
#   csvcut: nothing; 123 Any Street\, Any Town,1471453472,FALSE
#   DuckDB: birthdate 1985-02-01; 123 Any Street\, Any Town,1471453472,false,00800 (no jane)
#   polars: custom:code 700; refused
#   polars, try_parse_dates: birthdate 1985-02-01, custom:code 700; refused
#   pyarrow: phone_number 1.2345550199e+10, custom:code 700; refused
#   frictionless: phone_number 12345550199, custom:code 700; 123 Any Street\, Any Town,1471453472,FALSE
#   sqlite-utils: phone_number 12345550199, custom:code 700; 123 Any Street\, Any Town,1471453472,FALSE
#   rows: header, phone_number 12345550199, custom:code 700.0; 123 Any Street\, Any Town,1471453472,FALSE,800.0
#   petl: nothing; 123 Any Street\, Any Town,1471453472,FALSE,00800
#   VisiData: nothing; 123 Any Street\,Any Town,1471453472,FALSE,00800
#   papaparse, dynamicTyping: custom:code 700; 123 Any Street\," Any Town",1471453472,false
#   d3-dsv, autoType: phone_number 12345550199, custom:code 700; 123 Any Street\, Any Town,1471453472,FALSE
#   csvtojson, checkType: phone_number 12345550199, custom:code 700; 123 Any Street\,Any Town,1471453472,false,800
#   SheetJS: birthdate 1/2/85; 123 Any Street\, Any Town,1471453472,FALSE,00800
#   csvkit, told of the backslash: nothing; 123 Any Street\, Any Town,1471453472,FALSE,00800
#   DuckDB, 500 users, a comma in the last: 1 rows, 11 columns
#   DuckDB, 500 users, a comma in the first: 500 rows, 1 columns
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund papaparse@5.7.1 d3-dsv@3.0.2 csvtojson@2.0.14 @json2csv/plainjs@7.0.8 \
    xlsx@0.18.5
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check csvkit==2.2.0 duckdb==2.0.1 polars==2.1.0 pyarrow==26.0.1 \
    frictionless==5.21.0 sqlite-utils==4.2.1 rows==0.4.1 petl==1.7.30 visidata==3.4

header=cognito:username,email,email_verified,birthdate,phone_number,phone_number_verified,address
echo "$header,updated_at,cognito:mfa_enabled,custom:code" >plain.csv
cat >>plain.csv <<'CSV'
jane,jane@example.com,TRUE,01/02/1985,+12345550199,TRUE,100 Main Street,1471453471,FALSE,00700
john,john@example.com,TRUE,11/12/1985,+12345550100,TRUE,123 Any Street,1471453472,FALSE,00800
CSV
sed 's/Any Street/&\\, Any Town/' plain.csv >comma.csv

cat >again.cjs <<'JS'
const [tool, from, to] = process.argv.slice(2);
const { readFileSync, writeFileSync } = require("fs");
const text = readFileSync(from, "utf8");
const tools = {
  papaparse() {
    const { parse, unparse } = require("papaparse");
    return unparse(parse(text, { header: true, dynamicTyping: true, skipEmptyLines: true }).data);
  },
  async "d3-dsv"() {
    const { autoType, csvFormat, csvParse } = await import("d3-dsv");
    return csvFormat(csvParse(text, autoType));
  },
  async csvtojson() {
    const { Parser } = require("@json2csv/plainjs");
    const rows = await require("csvtojson")({ checkType: true }).fromString(text);
    return new Parser({ formatters: { string: String } }).parse(rows);
  },
  SheetJS() {
    const { read, utils } = require("xlsx");
    return utils.sheet_to_csv(read(text, { type: "string" }).Sheets.Sheet1);
  },
};
Promise.resolve(tools[tool]()).then((result) => writeFileSync(to, result));
JS
cat >again.py <<'PY'
import csv
import os
import re
import subprocess
import sys

OUT = "out.csv"


def program(*command, shown=True):
    ended = subprocess.run(command, capture_output=True, text=True)
    print(*command, ended.stderr, file=sys.stderr)
    ended.check_returncode()
    if shown:
        with open(OUT, "w") as file:
            file.write(ended.stdout)


def csvsort(name):
    program("env/bin/csvsort", "-c", "cognito:username", name)


def csvcut(name):
    program("env/bin/csvcut", "-C", "nothing", name)


def duckdb(name):
    import duckdb

    duckdb.sql(f"COPY (SELECT * FROM '{name}' ORDER BY 1) TO '{OUT}'")


def polars(name):
    import polars

    polars.read_csv(name).sort("cognito:username").write_csv(OUT)


def polars_dates(name):
    import polars

    polars.read_csv(name, try_parse_dates=True).sort("cognito:username").write_csv(OUT)


def pyarrow(name):
    from pyarrow.csv import read_csv, write_csv

    write_csv(read_csv(name), OUT)


def frictionless(name):
    from frictionless import Resource

    Resource(name).write(OUT)


def sqlite_utils(name):
    program("env/bin/sqlite-utils", "insert", f"{name}.db", "users", name, "--csv")
    program("env/bin/sqlite-utils", "rows", f"{name}.db", "users", "--csv")


def rows(name):
    import rows

    rows.export_to_csv(rows.import_from_csv(name), OUT)


def petl(name):
    import petl

    petl.fromcsv(name).sort("cognito:username").tocsv(OUT)


def visidata(name):
    program("env/bin/vd", "--batch", name, "--output", OUT, shown=False)


def node(tool):
    return lambda name: program("node", "again.cjs", tool, name, OUT, shown=False)


def csvkit_told(name):
    program("env/bin/csvsort", "-I", "-p", "\\", "-c", "cognito:username", name)
    os.rename(OUT, "quoted.csv")
    program("env/bin/csvformat", "-U", "3", "-P", "\\", "quoted.csv")


TOOLS = {
    "csvsort": csvsort,
    "csvcut": csvcut,
    "DuckDB": duckdb,
    "polars": polars,
    "polars, try_parse_dates": polars_dates,
    "pyarrow": pyarrow,
    "frictionless": frictionless,
    "sqlite-utils": sqlite_utils,
    "rows": rows,
    "petl": petl,
    "VisiData": visidata,
    "papaparse, dynamicTyping": node("papaparse"),
    "d3-dsv, autoType": node("d3-dsv"),
    "csvtojson, checkType": node("csvtojson"),
    "SheetJS": node("SheetJS"),
    "csvkit, told of the backslash": csvkit_told,
}


def again(use, name):
    if os.path.exists(OUT):
        os.remove(OUT)
    use(name)
    with open(OUT) as file:
        return file.read().splitlines()


def changed(lines):
    with open("plain.csv") as file:
        before = list(csv.reader(file))
    after = list(csv.reader(lines))
    names = [] if after[0] == before[0] else ["header"]
    values = [f"{name} {new}" for name, old, new in zip(*before[:2], after[1]) if new.lower() != old.lower()]
    return ", ".join(names + values) or "nothing"


for tool, use in TOOLS.items():
    values = changed(again(use, "plain.csv"))
    try:
        lines = again(use, "comma.csv")
        row = next(line for line in lines if "john" in line)
        end = re.search("12345550100,true,(.*)", row, re.I)[1]
        if not any("jane" in line for line in lines):
            end += " (no jane)"
    except Exception as error:
        print(tool, error, file=sys.stderr)
        end = "refused"
    print(f"{tool}: {values}; {end}")
PY
cat >many.py <<'PY'
import duckdb

for name, which in {"last": 499, "first": 0}.items():
    with open("plain.csv") as file:
        header, jane, *_ = file
    lines = [jane.replace("jane", f"user{number}") for number in range(500)]
    lines[which] = lines[which].replace("Main Street", "Main Street\\, Any Town")
    with open("many.csv", "w") as file:
        file.writelines([header, *lines])
    table = duckdb.sql("SELECT * FROM 'many.csv'")
    print(f"DuckDB, 500 users, a comma in the {name}: {len(table.fetchall())} rows, {len(table.columns)} columns")
PY
env -i PATH="$PATH" HOME="$work" TERM=dumb env/bin/python -W ignore again.py 2>said >seen || { cat said; exit 1; }
env -i PATH="$PATH" HOME="$work" env/bin/python many.py >>seen
cat seen

diff - seen <<'EXPECTED'
csvsort: birthdate 1985-01-02, phone_number 12345550199, custom:code 700; refused
csvcut: nothing; 123 Any Street\, Any Town,1471453472,FALSE
DuckDB: birthdate 1985-02-01; 123 Any Street\, Any Town,1471453472,false,00800 (no jane)
polars: custom:code 700; refused
polars, try_parse_dates: birthdate 1985-02-01, custom:code 700; refused
pyarrow: phone_number 1.2345550199e+10, custom:code 700; refused
frictionless: phone_number 12345550199, custom:code 700; 123 Any Street\, Any Town,1471453472,FALSE
sqlite-utils: phone_number 12345550199, custom:code 700; 123 Any Street\, Any Town,1471453472,FALSE
rows: header, phone_number 12345550199, custom:code 700.0; 123 Any Street\, Any Town,1471453472,FALSE,800.0
petl: nothing; 123 Any Street\, Any Town,1471453472,FALSE,00800
VisiData: nothing; 123 Any Street\,Any Town,1471453472,FALSE,00800
papaparse, dynamicTyping: custom:code 700; 123 Any Street\," Any Town",1471453472,false
d3-dsv, autoType: phone_number 12345550199, custom:code 700; 123 Any Street\, Any Town,1471453472,FALSE
csvtojson, checkType: phone_number 12345550199, custom:code 700; 123 Any Street\,Any Town,1471453472,false,800
SheetJS: birthdate 1/2/85; 123 Any Street\, Any Town,1471453472,FALSE,00800
csvkit, told of the backslash: nothing; 123 Any Street\, Any Town,1471453472,FALSE,00800
DuckDB, 500 users, a comma in the last: 1 rows, 11 columns
DuckDB, 500 users, a comma in the first: 500 rows, 1 columns
EXPECTED
echo 'as found'
