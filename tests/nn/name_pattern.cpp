// SPDX-License-Identifier: Apache-2.0
// Patterns of names: what they match, what is refused and how, and that none takes long.
#include "nn/name_pattern.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "tests/error_of.h"

using namespace thaw;

namespace {

std::string error_in(const std::string& pattern) {
  return thaw::error_of([&] { const NamePattern read(pattern); });
}

}  // namespace

TEST_CASE("name pattern: * and ? match whole names") {
  CHECK(matches("*", ""));
  CHECK(matches("a.b", "a.b"));
  CHECK_FALSE(matches("a.b", "a.bc"));
  CHECK_FALSE(matches("b", "a.b"));
  CHECK(matches("*bias", "x.bias"));
  CHECK(matches("*.layer.?.*", "encoder.layer.3.weight"));
  CHECK_FALSE(matches("*.layer.?.*", "encoder.layer.13.weight"));
  CHECK(matches("*a*b*c*", "xxaxxbxbxxcxx"));
  CHECK_FALSE(matches("*a*b*c", "xxaxxbxbxxcxx"));
  CHECK(matches("**", "anything"));
  CHECK(matches("", ""));
  CHECK_FALSE(matches("", "x"));
  CHECK_FALSE(matches("?", ""));
  CHECK(matches("a,b", "a,b"));
}

TEST_CASE("name pattern: classes of characters") {
  CHECK(matches("layer.[0-3].w", "layer.0.w"));
  CHECK(matches("layer.[0-3].w", "layer.3.w"));
  CHECK_FALSE(matches("layer.[0-3].w", "layer.4.w"));
  CHECK_FALSE(matches("layer.[0-3].w", "layer.11.w"));
  CHECK(matches("[bw]*", "bias"));
  CHECK(matches("[a-cx-z]", "y"));
  CHECK_FALSE(matches("[a-cx-z]", "d"));
  for (const char* others : {"layer.[!0-3]", "layer.[^0-3]"}) {
    CAPTURE(others);
    CHECK(matches(others, "layer.4"));
    CHECK_FALSE(matches(others, "layer.2"));
    CHECK_FALSE(matches(others, "layer."));
  }
  CHECK(matches("[]]", "]"));  // first, it is meant
  CHECK(matches("[!]]", "a"));
  CHECK_FALSE(matches("[!]]", "]"));
  CHECK(matches("[a-]", "-"));
  CHECK(matches("[*]", "*"));
  CHECK_FALSE(matches("[*]", "a"));
  CHECK(matches("[[]0[]]", "[0]"));
}

TEST_CASE("name pattern: alternatives") {
  CHECK(matches("*.{weight,bias}", "a.bias"));
  CHECK_FALSE(matches("*.{weight,bias}", "a.biases"));
  CHECK(matches("{bert.,}encoder.*", "encoder.x"));
  CHECK(matches("{bert.,}encoder.*", "bert.encoder.x"));
  CHECK_FALSE(matches("{bert.,}encoder.*", "roberta.encoder.x"));
  CHECK(matches("{*.bias,*LayerNorm*}", "x.LayerNorm.weight"));
  CHECK(matches("{*.bias,*LayerNorm*}", "x.bias"));
  CHECK_FALSE(matches("{*.bias,*LayerNorm*}", "x.dense.weight"));
  CHECK(matches("{a{b,c{d,e}},f}", "ace"));
  CHECK(matches("{a{b,c{d,e}},f}", "f"));
  CHECK_FALSE(matches("{a{b,c{d,e}},f}", "ad"));
  CHECK(matches("{[,],x}", ","));  // a class holds its comma
  CHECK(matches("{,}", ""));
}

TEST_CASE("name pattern: ranges of numbers are compared as numbers") {
  const NamePattern layers("bert.encoder.layer.{0..11}.*");
  for (int i = 0; i < 12; ++i) CHECK(layers.matches("bert.encoder.layer." + std::to_string(i) + ".output.bias"));
  for (const char* other : {"12", "110", "1x", "", "-1", "x"})
    CHECK_FALSE(layers.matches(std::string("bert.encoder.layer.") + other + ".output.bias"));
  CHECK(matches("layer.{9..10}", "layer.10"));
  CHECK_FALSE(matches("layer.{9..10}", "layer.1"));
  CHECK(matches("layer.{7..7}", "layer.7"));
  // A number is a whole one of the name.
  CHECK_FALSE(matches("layer.{1..5}*", "layer.12.weight"));
  CHECK(matches("layer.{1..5}*", "layer.1.weight"));
  CHECK_FALSE(matches("*{0..5}.w", "layer.15.w"));
  CHECK(matches("*{0..5}.w", "layer.5.w"));
  // Ranges among alternatives.
  const NamePattern some("*.{0..2,5,9..11,pooler}.w");
  for (const char* name : {"l.0.w", "l.2.w", "l.5.w", "l.10.w", "l.pooler.w"}) CHECK(some.matches(name));
  for (const char* name : {"l.3.w", "l.8.w", "l.12.w", "l.55.w"}) CHECK_FALSE(some.matches(name));
  CHECK(matches("x{0..9223372036854775807}", "x9223372036854775807"));
  CHECK_FALSE(matches("x{0..9223372036854775807}", "x9223372036854775808"));
}

TEST_CASE("name pattern: what is no pattern is refused, and the place named") {
  CHECK(error_in("bert.[0-3") == "the pattern \"bert.[0-3\": at character 6: \"[\" is not closed");
  CHECK(error_in("[]") == "the pattern \"[]\": at character 1: \"[\" is not closed");
  CHECK(error_in("[!") == "the pattern \"[!\": at character 1: \"[\" is not closed");
  CHECK(error_in("[3-0]") == "the pattern \"[3-0]\": at character 2: \"3-0\" runs backwards");
  CHECK(error_in("[z-\n]") == "the pattern \"[z-\\u000a]\": at character 2: \"z-\\u000a\" runs backwards");
  CHECK(error_in("a]") == "the pattern \"a]\": at character 2: \"]\" without its opening one");
  CHECK(error_in("a.{5..0}") == "the pattern \"a.{5..0}\": at character 4: \"5..0\" runs backwards");
  CHECK(error_in("{a,b") == "the pattern \"{a,b\": at character 1: \"{\" is not closed");
  CHECK(error_in("x{a,{b,c}") == "the pattern \"x{a,{b,c}\": at character 2: \"{\" is not closed");
  CHECK(error_in("a,b}") == "the pattern \"a,b}\": at character 4: \"}\" without its opening one");
  for (const char* none : {"{}", "{a}", "{5}", "{a{b,c}}"})
    CHECK(doctest::Contains("holds no choice: {a,b} or {0..11} was expected").checkWith(error_in(none).c_str()));
  for (const char* none :
       {"{a..b}", "{1..}", "{..1}", "{-1..3}", "{1...3}", "{0..2,a..c}", "{0..99999999999999999999}"})
    CHECK(doctest::Contains("is no range of numbers, as 0..11 is").checkWith(error_in(none).c_str()));
  CHECK(doctest::Contains("no ASCII character").checkWith(error_in("[\xC3\xA9]").c_str()));
  CHECK(doctest::Contains("longer than 4096").checkWith(error_in(std::string(5000, 'a')).c_str()));
  CHECK(error_in(std::string(100000, '[')).size() < 200);
  CHECK(doctest::Contains("nested too deeply").checkWith(error_in(std::string(100, '{')).c_str()));
}

// Tried again and again at each *, these would take longer than the universe is old.
TEST_CASE("name pattern: hostile patterns take time in proportion to their length") {
  std::string stars, choices, name(200, 'a');
  for (int i = 0; i < 200; ++i) stars += "*a";
  for (int i = 0; i < 60; ++i) choices += "{a,aa,*}";
  CHECK(matches(stars, name));
  CHECK_FALSE(matches(stars + "b", name));
  CHECK_FALSE(matches(choices + "b", name));
  CHECK_FALSE(matches("{*,*{*,*{*,*{*,*{*,*}*}*}*}*}*b", name));
}

TEST_CASE("name pattern: edits are the fewest, and near names come nearest first") {
  CHECK(NamePattern("classifier.*").edits("classifier.bias") == 0);
  CHECK(NamePattern("clasifier.*").edits("classifier.bias") == 1);
  CHECK(NamePattern("layer.[0-3]").edits("layer.7") == 1);
  CHECK(NamePattern("layer.{0..3}").edits("layer.117") == 1);
  CHECK(NamePattern("{abc,xy}").edits("xyz") == 1);
  CHECK(NamePattern::literal("a*").edits("a*") == 0);
  CHECK(NamePattern::literal("a*").edits("abc") == 2);
  CHECK(near_names(NamePattern("poolr.*"), {"classifier.bias", "pooler.bias", "dense.bias"}).find("pooler.bias, ") ==
        0);
  CHECK(near_names(NamePattern("x"), {}).empty());
}
