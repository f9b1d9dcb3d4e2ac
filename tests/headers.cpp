// SPDX-License-Identifier: Apache-2.0
// Headers are public, and installed, or private: each folder's meson.build lists both.
#include <doctest/doctest.h>

#include <set>
#include <string>

#include "tests/source_folder.h"
#include "tests/source_tree.h"

using namespace thaw;

namespace {

// The files in `list += files(...)` of a meson.build, each behind `folder`.
std::set<std::string> listed(const std::string& build, const std::string& list, const std::string& folder) {
  std::set<std::string> found;
  const std::string begin = list + " += files(";
  for (size_t at = build.find(begin); at != std::string::npos; at = build.find(begin, at + 1)) {
    const size_t end = build.find(')', at);
    for (size_t quote = build.find('\'', at); quote < end;) {
      const size_t close = build.find('\'', quote + 1);
      found.insert(folder + "/" + build.substr(quote + 1, close - quote - 1));
      quote = build.find('\'', close + 1);
    }
  }
  return found;
}

struct Lists {
  std::set<std::string> headers, with_public, with_private;  // of the library's folders; those in the lists
};

const Lists& lists() {
  static const Lists all = [] {
    Lists made;
    std::set<std::string> folders;
    for (const Source& source : sources()) {
      const std::string top = source.path.substr(0, source.path.find('/'));
      if (top == "tests" || top == "examples" || top == "backends") continue;
      if (source.path.ends_with(".h")) made.headers.insert(source.path);
      for (size_t end = source.path.find('/'); end != std::string::npos; end = source.path.find('/', end + 1))
        folders.insert(source.path.substr(0, end));
    }
    for (const std::string& folder : folders) {
      const std::string build = text_of(source_folder() / folder / "meson.build");
      made.with_public.merge(listed(build, "public_headers", folder));
      made.with_private.merge(listed(build, "private_headers", folder));
    }
    return made;
  }();
  return all;
}

}  // namespace

TEST_CASE("headers: each is in one list, public or private") {
  CHECK(lists().with_public.size() > 50);
  CHECK(lists().with_private.size() > 20);
  for (const std::string& header : lists().headers)
    if (lists().with_public.count(header) + lists().with_private.count(header) != 1)
      FAIL_CHECK(header << " must be in public_headers or in private_headers of a meson.build");
  for (const auto& list : {lists().with_public, lists().with_private})
    for (const std::string& header : list)
      if (!lists().headers.count(header)) FAIL_CHECK(header << " is listed, but not there");
}

TEST_CASE("headers: public ones and the examples include no private one") {
  for (const Source& source : sources()) {
    if (!lists().with_public.count(source.path) && !source.path.starts_with("examples/")) continue;
    for (const std::string& line : source.lines) {
      const Include include = include_of(line);
      if (include.quoted && lists().with_private.count(include.header))
        FAIL_CHECK(source.path << " includes " << include.header << ", which is private");
      if (include.quoted && include.header.starts_with("backends/"))
        FAIL_CHECK(source.path << " includes " << include.header << ", which is not installed");
    }
  }
}

TEST_CASE("headers: lists are read as they are written") {
  CHECK(listed("x += files('a.h')\npublic_headers += files(\n  'b.h',\n  'c/d.h',\n)\n", "public_headers", "nn") ==
        std::set<std::string>{"nn/b.h", "nn/c/d.h"});
  CHECK(listed("public_headers += files('b.h')", "private_headers", "nn").empty());
}
