// SPDX-License-Identifier: Apache-2.0
// From package lists to the rows of the ten-topic data set.
#include "examples/data/debian_topics.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

constexpr const char* packages_text =
    "Package: abook\nVersion: 0.6-1\nInstalled-Size: 225\nMaintainer: Ann Other <ann@example.org>\n"
    "Depends: libc6 (>= 2.34), debconf (>= 0.5)\n | debconf-2.0, perl:any,\n libncurses6\nSuggests: mutt | neomutt\n"
    "Section: mail\nDescription: text-based address book\nHomepage: https://abook.example.org/\n"
    "Description-md5: 0a\n\n"
    "Package: libace-dev\nSource: ace (1.4-2)\nSection: libdevel\nDescription: cards\nDescription-md5: 0b\n\n"
    "Package: ace\nSection: games\nDescription: solitaire\nDescription-md5: 0c\n\n"
    "Package: snes\nSource: emu\nSection: contrib/games\nDescription: emulator\nDescription-md5: 0d\n";
constexpr const char* translation_text =
    "Package: abook\nDescription-md5: 0a\nDescription-en: text-based address book\n An  address\n book.\n .\n "
    "For\u00A0mutt.\n\n"
    "Package: ace\nDescription-md5: 0c\nDescription-en: solitaire\n Cards.\n";

}  // namespace

TEST_CASE("debian packages: source, section, paragraphs of the long description") {
  const ScratchFolder folder;
  folder.write("Packages", packages_text);
  folder.write("Translation-en", translation_text);
  const auto packages = read_debian_packages(folder.path());
  REQUIRE(packages.size() == 4);
  CHECK(packages[0].source == "abook");
  CHECK(packages[0].description == "An  address book.\nFor\u00A0mutt.");
  CHECK(packages[1].source == "ace");
  CHECK(packages[1].description == "");
  CHECK(packages[3].section == "games");
  CHECK(first_of_each_source(packages).size() == 3);
}

TEST_CASE("debian packages: version, maintainer, relations; what is not there is empty") {
  const ScratchFolder folder;
  folder.write("Packages", packages_text);
  folder.write("Translation-en", translation_text);
  const auto packages = read_debian_packages(folder.path());
  const auto& abook = packages.at(0);
  CHECK(abook.version == "0.6-1");
  CHECK(abook.homepage == "https://abook.example.org/");
  CHECK(abook.maintainer == "Ann Other");
  CHECK(abook.installed_size == "225");
  using Names = std::vector<std::string>;
  CHECK(abook.depends == Names{"libc6", "debconf", "perl", "libncurses6"});
  CHECK(abook.related == Names{"libc6", "debconf", "debconf-2.0", "perl", "libncurses6", "mutt", "neomutt"});
  CHECK(packages[1].version == "");
  CHECK(packages[1].maintainer == "");
  CHECK(packages[1].related.empty());
}

TEST_CASE("debian topics: the first package of a source decides, whatever its section") {
  const ScratchFolder folder;
  folder.write("Packages", packages_text);
  folder.write("Translation-en", translation_text);
  const auto rows = debian_topics(read_debian_packages(folder.path()));
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].source == "abook");
  CHECK(rows[0].text == "text-based address book. An address book. For mutt.");
  CHECK(rows[0].topic == "mail");
  CHECK(rows[1].source == "emu");
  CHECK(rows[1].text == "emulator. ");
  CHECK(rows[1].topic == "games");
}

TEST_CASE("debian topics: 60 words of the long description, no more") {
  DebianPackage package;
  package.name = package.source = "p";
  package.section = "web";
  package.synopsis = "synopsis";
  for (int i = 1; i <= 70; ++i) package.description += std::to_string(i) + (i % 7 == 0 ? "\n" : " ");
  const auto text = debian_topics({package}).at(0).text;
  CHECK(text.starts_with("synopsis. 1 2 3 4 5 6 7 8 "));
  CHECK(text.ends_with(" 59 60"));
}

TEST_CASE("debian packages: a stanza without a section is an error with its line") {
  const ScratchFolder folder;
  folder.write("Translation-en", translation_text);
  folder.write("Packages", "Package: a\nSection: web\nDescription: x\n\nPackage: b\nDescription: y\n");
  CHECK_THROWS_WITH_AS(read_debian_packages(folder.path()),
                       ((folder.path() / "Packages").string() + ":5: the stanza has no field \"Section\"").c_str(),
                       std::runtime_error);
  folder.write("Packages", "");
  CHECK_THROWS_AS(read_debian_packages(folder.path()), std::runtime_error);
}
