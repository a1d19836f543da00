// Prints schemas of structs that use every feature, with values that fit and values that do not,
// and what the reader says of each: one JSON object a line, for tests/clients/schemas.mjs.
//
//     {"name":"point","schema":{…},"valid":[…],"invalid":[…],"accepted":[true,…],"written":[…]}
//
// `accepted` has the reader's word on the valid values and then on the invalid ones; `written` the
// valid values, read and written again.
// SPDX-License-Identifier: BSL-1.0

#include "sesame/json.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace {

using namespace sesame;

struct nothing {};

struct scalars {
  bool truth;
  int number;
  unsigned positive;
  std::uint8_t byte;
  std::int8_t signed_byte;
  std::uint16_t port;
  std::int64_t large;
  double real;
  float small;
  std::string text;
  std::string_view view;
};

enum class level { low = -1, medium, high };

struct enumerations {
  level one;
  std::vector<level> several;
  std::optional<level> maybe;
};

struct page {
  int limit = 10;
  std::optional<std::string> cursor;
};

struct defaults {
  int number = 1;
  double real = 0.5;
  bool truth = true;
  std::string text = "a \"text\"";
  level chosen = level::high;
  std::vector<int> list = {1, 2};
  std::array<int, 2> pair = {0, 3};
  std::chrono::seconds length{30};
  std::variant<int, std::string> either = "x";
  page first;
  int required;

  using annotations =
      sesame::annotations<field<&defaults::number, "A \"quoted\" description, \\ and \u00fcber">,
                          field<&defaults::required, "The one that has to be there">>;
};

struct tagged_defaults {
  int zero;
  std::string empty;
  std::optional<bool> off;

  using annotations = sesame::annotations<field<&tagged_defaults::zero, "", default_value<0>>,
                                          field<&tagged_defaults::empty, "", default_text<"">>,
                                          field<&tagged_defaults::off, "", default_value<false>>>;
};

struct bounds {
  int number;
  double real;
  unsigned positive;
  std::uint8_t byte;
  std::string text;
  std::vector<int> list;
  std::optional<int> maybe;

  using annotations = sesame::annotations<
      field<&bounds::number, "", between<-5, 5>>, field<&bounds::real, "", between<-0.5, 0.25>>,
      field<&bounds::positive, "", at_least<3>>, field<&bounds::byte, "", at_most<100>>,
      field<&bounds::text, "", min_length<2>, max_length<4>>,
      field<&bounds::list, "", min_items<1>, max_items<2>>,
      field<&bounds::maybe, "", at_least<1>, at_most<2>>>;
};

struct formats {
  std::optional<std::string> email;
  std::optional<std::string> uri;
  std::optional<std::string> date;
  std::optional<std::string> date_time;
  std::optional<std::string> uuid;

  using annotations = sesame::annotations<field<&formats::email, "", format<"email">>,
                                          field<&formats::uri, "", format<"uri">>,
                                          field<&formats::date, "", format<"date">>,
                                          field<&formats::date_time, "", format<"date-time">>,
                                          field<&formats::uuid, "", format<"uuid">>>;
};

struct titled {
  level one;
  std::optional<std::vector<level>> several;

  using annotations = sesame::annotations<
      field<&titled::one, "How much", titles<"A little", "Some", "A lot">>,
      field<&titled::several, "", titles<"A little", "Some", "A lot">, min_items<1>>>;
};

struct times {
  std::optional<std::chrono::sys_seconds> time;
  std::optional<std::chrono::sys_time<std::chrono::milliseconds>> exact;
  std::optional<std::chrono::year_month_day> day;
  std::optional<std::chrono::minutes> length;
  std::optional<std::chrono::milliseconds> delay;
  std::optional<std::chrono::duration<double>> real;
};

struct point {
  double x, y;
};
struct circle {
  point centre;
  double radius;
};
struct containers {
  std::vector<point> list;
  std::array<bool, 2> two;
  std::map<std::string, int> map;
  std::variant<point, circle, std::string> shape;
  std::vector<std::optional<int>> holes;
  std::map<std::string, std::optional<point>> points;
  std::variant<std::monostate, bool> maybe;
};

struct tree {
  std::string name;
  std::vector<tree> branches;
};
struct forest {
  std::map<std::string, tree> trees;
  tree first;
};

template <class T>
struct pair_of {
  T first, second;
};
struct templates {
  pair_of<int> numbers;
  pair_of<bool> truths;
  std::vector<pair_of<int>> more_numbers;
  std::vector<pair_of<bool>> more_truths;
};

struct names {
  int camelCase;
  int under_score_;
  int \u00fcber;
};

struct reading {
  bool accepted;
  std::string written;
};

template <class T>
reading read(std::string_view text) {
  json::document document;
  const auto root = document.parse(text);
  if (!root) return {false, "null"};
  T value{};
  json::reader in;
  if (!json::read(*root, value, in)) return {false, "null"};
  return {true, json::to_json(value)};
}

template <class T>
void show(std::string_view name, std::initializer_list<std::string_view> valid,
          std::initializer_list<std::string_view> invalid) {
  const auto list = [](const auto& items, auto text_of) {
    std::string text = "[";
    for (const auto& item : items) {
      if (text.size() != 1) text += ',';
      text += text_of(item);
    }
    return text + ']';
  };
  const auto as_it_is = [](std::string_view text) { return std::string{text}; };
  std::vector<reading> readings;
  for (const auto text : valid) readings.push_back(read<T>(text));
  for (const auto text : invalid) readings.push_back(read<T>(text));
  const std::vector<reading> fitting(readings.begin(),
                                     readings.begin() + static_cast<std::ptrdiff_t>(valid.size()));
  std::cout << R"({"name":")" << name << R"(","schema":)" << json::schema<T>() << R"(,"valid":)"
            << list(valid, as_it_is) << R"(,"invalid":)" << list(invalid, as_it_is)
            << R"(,"accepted":)"
            << list(readings,
                    [](const reading& r) { return std::string{r.accepted ? "true" : "false"}; })
            << R"(,"written":)" << list(fitting, [](const reading& r) { return r.written; })
            << "}\n";
}

}  // namespace

int main() {
  show<nothing>("nothing", {"{}"}, {R"({"a":1})", "[]", "null", "1"});

  const std::string_view all =
      R"({"truth":true,"number":-1,"positive":0,"byte":255,"signed_byte":-128,"port":65535,)"
      R"("large":9007199254740991,"real":1.5,"small":-1e-3,"text":"","view":"\u0000\ud83d\ude00"})";
  show<scalars>(
      "scalars",
      {all, R"({"truth":false,"number":1.0,"positive":1e2,"byte":0,"signed_byte":127,"port":0,)"
            R"("large":-1,"real":0,"small":0,"text":"x","view":"y"})"},
      {"{}", R"({"truth":true})",
       R"({"truth":1,"number":-1,"positive":0,"byte":255,"signed_byte":-128,"port":65535,)"
       R"("large":1,"real":1.5,"small":-1e-3,"text":"","view":""})",
       R"({"truth":true,"number":1.5,"positive":0,"byte":255,"signed_byte":-128,"port":65535,)"
       R"("large":1,"real":1.5,"small":-1e-3,"text":"","view":""})",
       R"({"truth":true,"number":1,"positive":-1,"byte":255,"signed_byte":-128,"port":65535,)"
       R"("large":1,"real":1.5,"small":-1e-3,"text":"","view":""})",
       R"({"truth":true,"number":1,"positive":0,"byte":256,"signed_byte":-128,"port":65535,)"
       R"("large":1,"real":1.5,"small":-1e-3,"text":"","view":""})",
       R"({"truth":true,"number":1,"positive":0,"byte":255,"signed_byte":-129,"port":65535,)"
       R"("large":1,"real":1.5,"small":-1e-3,"text":"","view":""})",
       R"({"truth":true,"number":1,"positive":0,"byte":255,"signed_byte":-128,"port":65536,)"
       R"("large":1,"real":1.5,"small":-1e-3,"text":"","view":""})",
       R"({"truth":true,"number":1,"positive":0,"byte":255,"signed_byte":-128,"port":65535,)"
       R"("large":"1","real":1.5,"small":-1e-3,"text":"","view":""})",
       R"({"truth":true,"number":1,"positive":0,"byte":255,"signed_byte":-128,"port":65535,)"
       R"("large":1,"real":true,"small":-1e-3,"text":"","view":""})",
       R"({"truth":true,"number":1,"positive":0,"byte":255,"signed_byte":-128,"port":65535,)"
       R"("large":1,"real":1.5,"small":null,"text":"","view":""})",
       R"({"truth":true,"number":1,"positive":0,"byte":255,"signed_byte":-128,"port":65535,)"
       R"("large":1,"real":1.5,"small":-1e-3,"text":5,"view":""})",
       R"({"truth":true,"number":1,"positive":0,"byte":255,"signed_byte":-128,"port":65535,)"
       R"("large":1,"real":1.5,"small":-1e-3,"text":"","view":"","extra":1})"});

  show<enumerations>("enumerations",
                     {R"({"one":"low","several":[]})",
                      R"({"one":"high","several":["medium","low"],"maybe":"low"})"},
                     {R"({"one":"LOW","several":[]})", R"({"one":0,"several":[]})",
                      R"({"one":"","several":[]})", R"({"one":"low","several":["none"]})",
                      R"({"one":"low","several":[],"maybe":1})", R"({"several":[]})"});

  show<defaults>("defaults",
                 {R"({"required":0})",
                  R"({"required":1,"number":0,"real":0,"truth":false,"text":"","chosen":"low",)"
                  R"("list":[],"pair":[1,2],"length":"PT5M","either":5,"first":{}})",
                  R"({"required":1,"first":{"limit":3,"cursor":"x"},"either":"y"})"},
                 {"{}", R"({"required":1,"pair":[1]})", R"({"required":1,"pair":[1,2,3]})",
                  R"({"required":1,"either":true})", R"({"required":1,"first":{"extra":1}})",
                  R"({"required":1,"first":{"limit":"3"}})"});

  show<tagged_defaults>("tagged_defaults", {"{}", R"({"zero":5,"empty":"x","off":true})"},
                        {R"({"zero":"5"})", R"({"off":"no"})"});

  show<bounds>(
      "bounds",
      {R"({"number":-5,"real":-0.5,"positive":3,"byte":100,"text":"ab","list":[1],"maybe":1})",
       R"({"number":5,"real":0.25,"positive":4,"byte":0,"text":"abcd","list":[1,2],"maybe":2})",
       R"({"number":0,"real":0,"positive":3,"byte":0,"text":"\ud83d\ude00\u00e4","list":[1]})"},
      {R"({"number":-6,"real":0,"positive":3,"byte":0,"text":"ab","list":[1]})",
       R"({"number":6,"real":0,"positive":3,"byte":0,"text":"ab","list":[1]})",
       R"({"number":0,"real":-0.51,"positive":3,"byte":0,"text":"ab","list":[1]})",
       R"({"number":0,"real":0.26,"positive":3,"byte":0,"text":"ab","list":[1]})",
       R"({"number":0,"real":0,"positive":2,"byte":0,"text":"ab","list":[1]})",
       R"({"number":0,"real":0,"positive":3,"byte":101,"text":"ab","list":[1]})",
       R"({"number":0,"real":0,"positive":3,"byte":-1,"text":"ab","list":[1]})",
       R"({"number":0,"real":0,"positive":3,"byte":0,"text":"a","list":[1]})",
       R"({"number":0,"real":0,"positive":3,"byte":0,"text":"\ud83d\ude00","list":[1]})",
       R"({"number":0,"real":0,"positive":3,"byte":0,"text":"abcde","list":[1]})",
       R"({"number":0,"real":0,"positive":3,"byte":0,"text":"ab","list":[]})",
       R"({"number":0,"real":0,"positive":3,"byte":0,"text":"ab","list":[1,2,3]})",
       R"({"number":0,"real":0,"positive":3,"byte":0,"text":"ab","list":[1],"maybe":0})",
       R"({"number":0,"real":0,"positive":3,"byte":0,"text":"ab","list":[1],"maybe":3})"});

  show<formats>(
      "formats",
      {"{}", R"({"email":"a.b+c@example.com"})", R"({"email":"x_y@sub.example.co"})",
       R"({"uri":"https://example.com/a?b=c#d"})", R"({"uri":"urn:isbn:0451450523"})",
       R"({"uri":"mailto:a@b.de"})", R"({"date":"2024-02-29"})", R"({"date":"2000-02-29"})",
       R"({"date_time":"2026-07-28T12:00:00Z"})", R"({"date_time":"2026-07-28t12:00:00.5+02:00"})",
       R"({"date_time":"2016-12-31T23:59:60Z"})", R"({"date_time":"2016-12-31T15:59:60-08:00"})",
       R"({"uuid":"123e4567-e89b-12d3-a456-426614174000"})",
       R"({"uuid":"123E4567-E89B-12D3-A456-426614174000"})"},
      {R"({"email":""})",
       R"({"email":"a"})",
       R"({"email":"a@"})",
       R"({"email":"a@@b.de"})",
       R"({"email":"a..b@c.de"})",
       R"({"email":".a@c.de"})",
       R"({"email":"a b@c.de"})",
       R"({"email":"a@b..de"})",
       R"({"email":"a@-b.de"})",
       R"({"email":"<a@b.de>"})",
       R"({"uri":""})",
       R"({"uri":"/path"})",
       R"({"uri":"//host"})",
       R"({"uri":"a b"})",
       R"({"uri":"http://a b"})",
       R"({"uri":"http://x/%zz"})",
       R"({"date":"2023-02-29"})",
       R"({"date":"1900-02-29"})",
       R"({"date":"2026-13-01"})",
       R"({"date":"2026-1-1"})",
       R"({"date":"2026-07-28T12:00:00Z"})",
       R"({"date_time":"2026-07-28"})",
       R"({"date_time":"2026-07-28T24:00:00Z"})",
       R"({"date_time":"2026-07-28T12:00:00"})",
       R"({"date_time":"2026-02-30T12:00:00Z"})",
       R"({"date_time":"2026-07-28T12:00:60Z"})",
       R"({"date_time":"2026-07-28T12:00:00+24:00"})",
       R"({"uuid":""})",
       R"({"uuid":"123e4567e89b12d3a456426614174000"})",
       R"({"uuid":"123e4567-e89b-12d3-a456-42661417400g"})",
       R"({"uuid":5})"});

  show<titled>("titled", {R"({"one":"low"})", R"({"one":"high","several":["low","medium","low"]})"},
               {R"({"one":"A little"})", R"({"one":"lowest"})", R"({"one":"low","several":[]})",
                R"({"one":"low","several":["Some"]})", R"({"one":"low","several":[1]})"});

  show<times>(
      "times",
      {"{}", R"({"time":"2026-07-28T12:00:00+02:00"})", R"({"time":"0001-01-01T00:00:00Z"})",
       R"({"time":"9999-12-31T23:59:59Z"})", R"({"exact":"1969-12-31T23:59:59.999Z"})",
       R"({"day":"2024-02-29"})", R"({"length":"PT5M"})", R"({"length":"P1DT2H3M4S"})",
       R"({"length":"P2W"})", R"({"length":"PT0S"})", R"({"delay":"PT1.5S"})",
       R"({"delay":"PT90S"})", R"({"real":"PT0.25S"})"},
      {R"({"time":"2026-07-28_12:00:00Z"})",
       R"({"time":"2026-07-28"})",
       R"({"time":0})",
       R"({"exact":"2026-07-28T12:00:00.Z"})",
       R"({"day":"2023-02-29"})",
       R"({"day":"2023-02-29T00:00:00Z"})",
       R"({"length":"5M"})",
       R"({"length":"P"})",
       R"({"length":"PT"})",
       R"({"length":"P1DT"})",
       R"({"length":"PT1.5S"})",
       R"({"length":"-PT1S"})",
       R"({"length":"P1W1D"})",
       R"({"length":300})",
       R"({"delay":"PT5M"})",
       R"({"delay":"PT1.S"})",
       R"({"delay":"-PT1S"})",
       R"({"delay":"PT.5S"})",
       R"({"delay":"1.5"})",
       R"({"real":0.25})"});

  show<containers>(
      "containers",
      {R"({"list":[],"two":[true,false],"map":{},"shape":"none","holes":[],"points":{},"maybe":null})",
       R"({"list":[{"x":1,"y":2}],"two":[true,false],"map":{"a":1,"b/c":2},)"
       R"("shape":{"centre":{"x":0,"y":0},"radius":1},"holes":[1,null,3],)"
       R"("points":{"a":{"x":1,"y":1},"b":null},"maybe":true})"},
      {R"({"list":[{"x":1}],"two":[true,false],"map":{},"shape":"","holes":[],"points":{},"maybe":null})",
       R"({"list":[],"two":[true],"map":{},"shape":"","holes":[],"points":{},"maybe":null})",
       R"({"list":[],"two":[true,false],"map":{"a":"b"},"shape":"","holes":[],"points":{},"maybe":null})",
       R"({"list":[],"two":[true,false],"map":{},"shape":5,"holes":[],"points":{},"maybe":null})",
       R"({"list":[],"two":[true,false],"map":{},"shape":{"x":1,"y":2,"radius":3},"holes":[],"points":{},"maybe":null})",
       R"({"list":[],"two":[true,false],"map":{},"shape":"","holes":["x"],"points":{},"maybe":null})",
       R"({"list":[],"two":[true,false],"map":{},"shape":"","holes":[],"points":{"a":{}},"maybe":null})",
       R"({"list":[],"two":[true,false],"map":{},"shape":"","holes":[],"points":{},"maybe":0})"});

  show<tree>("tree",
             {R"({"name":"a","branches":[]})",
              R"({"name":"a","branches":[{"name":"b","branches":[{"name":"c","branches":[]}]}]})"},
             {R"({"name":"a"})", R"({"name":"a","branches":[{"name":"b"}]})",
              R"({"name":"a","branches":[{"name":"b","branches":[{"name":1,"branches":[]}]}]})",
              R"({"name":"a","branches":{}})"});
  show<forest>(
      "forest",
      {R"({"trees":{},"first":{"name":"a","branches":[]}})",
       R"({"trees":{"x":{"name":"a","branches":[]}},"first":{"name":"a","branches":[{"name":"b","branches":[]}]}})"},
      {R"({"trees":{"x":{}},"first":{"name":"a","branches":[]}})",
       R"({"trees":{},"first":{"name":"a","branches":[{}]}})"});
  show<templates>(
      "templates",
      {R"({"numbers":{"first":1,"second":2},"truths":{"first":true,"second":true},)"
       R"("more_numbers":[{"first":1,"second":2}],"more_truths":[]})"},
      {R"({"numbers":{"first":true,"second":true},"truths":{"first":true,"second":true},)"
       R"("more_numbers":[],"more_truths":[]})",
       R"({"numbers":{"first":1,"second":2},"truths":{"first":true,"second":true},)"
       R"("more_numbers":[],"more_truths":[{"first":1,"second":2}]})"});
  show<names>(
      "names", {R"({"camelCase":1,"under_score_":2,"\u00fcber":3})"},
      {R"({"camelcase":1,"under_score_":2,"\u00fcber":3})", R"({"camelCase":1,"under_score_":2})"});
  show<std::vector<point>>("list", {"[]", R"([{"x":1,"y":2}])"}, {"{}", R"([{"x":1}])", "[[]]"});
  show<std::optional<int>>("maybe", {"1", "null"}, {"\"1\"", "false", "{}"});
}
