// SPDX-License-Identifier: Apache-2.0
// Headers share a few namespaces: two types of one name in one of them would be taken for each other by the linker,
// without a word.
#include <doctest/doctest.h>

#include <map>
#include <regex>
#include <string>

#include "tests/source_tree.h"

using namespace thaw;

namespace {

// Of types that a header defines, "namespace::name" and where; what is wrong with those before, or empty.
std::string clash(const Source& header, std::map<std::string, std::string>& defined) {
  static const std::regex space(R"(^namespace ([\w:]+))"),
      type(R"(^(?:struct|class|enum class) (\w+)(?: final)?(?: :.*)? ?\{.*)");
  std::string inside;
  std::smatch found;
  for (const std::string& line : header.lines) {
    if (std::regex_search(line, found, space)) inside = found[1];
    if (!std::regex_match(line, found, type)) continue;
    const std::string name = inside + "::" + found[1].str();
    const auto [known, is_new] = defined.emplace(name, header.path);
    if (!is_new) return name + " of " + header.path + " is a type of " + known->second + ", too";
  }
  return "";
}

}  // namespace

TEST_CASE("type names: no two headers define one of the same name") {
  std::map<std::string, std::string> defined;
  for (const Source& source : sources())
    if (source.path.ends_with(".h")) CHECK(clash(source, defined) == "");
  CHECK(defined.size() > 200);
  CHECK(defined.at("thaw::Tensor") == "tensor/tensor.h");
}

TEST_CASE("type names: the scan sees what is defined twice") {
  std::map<std::string, std::string> defined;
  CHECK(clash({"a.h", {"namespace thaw {", "struct Word {", "class Next;", "enum class Kind { a, b };"}}, defined) ==
        "");
  CHECK(clash({"b.h", {"namespace thaw::cpu {", "struct Word {"}}, defined) == "");
  CHECK(clash({"c.h", {"namespace thaw {", "class Word final : public A {"}}, defined) ==
        "thaw::Word of c.h is a type of a.h, too");
  CHECK(clash({"d.h", {"namespace thaw {", "class Next {", "enum class Kind {"}}, defined) ==
        "thaw::Kind of d.h is a type of a.h, too");
}
