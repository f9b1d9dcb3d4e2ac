// SPDX-License-Identifier: Apache-2.0
// Stanzas as Debian's package lists have them, and what is not one.
#include "examples/data/deb822.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

std::string first_error(const ScratchFolder& folder, const std::string& text) {
  Deb822Reader reader(folder.write("list", text));
  Stanza stanza;
  try {
    while (reader.next(stanza)) {
    }
  } catch (const std::runtime_error& error) {
    const std::string what = error.what();
    return what.substr(what.rfind('/') + 1);
  }
  return "";
}

}  // namespace

TEST_CASE("deb822: stanzas, folded values, comments, blank lines, any case of names") {
  const ScratchFolder folder;
  Deb822Reader reader(folder.write(
      "list",
      "\n\nPackage: ace\nDescription:  solitaire games \n two\n .\n  indented\n# a comment\nSection: games\n"
      " \t\n\r\nPackage: zsh\r\nEmpty:\r\nHomepage: http://zsh.org:80/"));
  Stanza stanza;
  REQUIRE(reader.next(stanza));
  CHECK(stanza.line == 3);
  CHECK(stanza.fields.size() == 3);
  CHECK(*stanza.find("package") == "ace");
  CHECK(*stanza.find("Description") == "solitaire games\ntwo\n.\n indented");
  CHECK(*stanza.find("SECTION") == "games");
  CHECK(stanza.find("Sect") == nullptr);
  REQUIRE(reader.next(stanza));
  CHECK(stanza.line == 12);
  CHECK(*stanza.find("Package") == "zsh");
  CHECK(*stanza.find("Empty") == "");
  CHECK(*stanza.find("Homepage") == "http://zsh.org:80/");
  CHECK_FALSE(reader.next(stanza));
}

TEST_CASE("deb822: errors name file and line") {
  const ScratchFolder folder;
  CHECK(first_error(folder, "Package: a\nno colon here\n") == "list:2: expected \"Field: value\"");
  CHECK(first_error(folder, "Package: a\n\n folded\n") == "list:3: a folded line without a field above it");
  CHECK(first_error(folder, "Package: a\nPACKAGE: b\n") == "list:2: the field \"PACKAGE\" is there twice");
  CHECK(first_error(folder, "") == "");
  CHECK_THROWS_AS(Deb822Reader(folder.path() / "absent"), std::runtime_error);
  CHECK_THROWS_AS(Deb822Reader(folder.path()), std::runtime_error);
}
