// SPDX-License-Identifier: Apache-2.0
// The rules of the house, read from the source tree: which folder may include which, where foreign libraries may be
// named, how long a file and a line may be, how names are spelled, that each file says what it is for, and that each is
// built.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/source_folder.h"
#include "tests/source_tree.h"

using namespace thaw;
namespace fs = std::filesystem;

namespace {

// examples -> models -> nn -> autograd -> tensor <- backends
const std::map<std::string, std::set<std::string>> may_include{
    {"tensor", {"tensor"}},
    {"autograd", {"tensor", "autograd"}},
    {"nn", {"tensor", "autograd", "nn"}},
    {"models", {"tensor", "autograd", "nn", "models"}},
    {"examples", {"tensor", "autograd", "nn", "models", "examples"}},
    {"backends", {"tensor", "backends"}},
    {"tests", {"tensor", "autograd", "nn", "models", "examples", "backends", "tests"}},
};

// Headers of foreign libraries, and the one folder that may name them.
const std::map<std::string, std::string> foreign{{"dnnl", "backends/cpu/"},       {"cblas", "backends/cpu/"},
                                                 {"zlib", "models/data/"},        {"png", "models/image/"},
                                                 {"jpeglib", "models/image/"},    {"jerror", "models/image/"},
                                                 {"sndfile", "models/audio/"},    {"ogg/", "models/audio/"},
                                                 {"vulkan/", "backends/vulkan/"}, {"vk_", "backends/vulkan/"}};

bool starts_with(const std::string& text, const std::string& with) { return text.compare(0, with.size(), with) == 0; }

// "backends/cpu/x.h" -> "cpu" if it is of a concrete backend, else empty.
std::string backend_of(const std::string& path) {
  if (!starts_with(path, "backends/")) return "";
  const size_t end = path.find('/', 9);
  const std::string folder = end == std::string::npos ? "" : path.substr(9, end - 9);
  return folder == "shared" ? "" : folder;
}

// What is wrong with a line of the file at `path` (below the source tree), or empty.
std::string violation(const std::string& path, const std::string& line) {
  const Include include = include_of(line);
  const std::string& header = include.header;
  if (header.empty()) return "";
  for (const auto& [name, folder] : foreign)
    if (starts_with(header, name) && !starts_with(path, folder)) return header + " belongs in " + folder;
  if (!include.quoted) return "";
  if (is_shader(path) && header.find('/') == std::string::npos) return "";  // beside it
  const std::string from = path.substr(0, path.find('/')), to = header.substr(0, header.find('/'));
  if (!may_include.count(to)) return header + " is not named from the root of the source tree";
  if (!may_include.at(from).count(to)) return from + " may not include " + to;
  const std::string backend = backend_of(header);
  if (!backend.empty() && from == "backends" && path != "backends/registry.cpp" && backend_of(path) != backend)
    return "only backends/registry.cpp may name another backend";
  return "";
}

// What of a line of C++ the house writes another way, or empty: integer types without std::, constants in snake_case,
// at most 120 columns.
std::string unlike_the_house(const std::string& line) {
  static const std::regex names("std::(u?int[0-9a-z_]*_t|size_t|ptrdiff_t)\\b|\\bk[A-Z][a-z]\\w*");
  std::smatch found;
  if ((line.find("_t") != std::string::npos || line.find('k') != std::string::npos) &&
      std::regex_search(line, found, names))
    return found.str();
  const auto columns = std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return columns > 120 ? std::to_string(columns) + " columns, at most 120" : "";
}

}  // namespace

TEST_CASE("layering: includes go one way") {
  for (const Source& source : sources())
    for (size_t i = 0; i < source.lines.size(); ++i)
      if (const std::string wrong = violation(source.path, source.lines[i]); !wrong.empty())
        FAIL_CHECK(source.path << ":" << i + 1 << ": " << wrong);
  CHECK(sources().size() > 100);
}

TEST_CASE("layering: the scan sees what is forbidden") {
  CHECK(violation("tensor/a.cpp", "#include \"autograd/tape.h\"") == "tensor may not include autograd");
  CHECK(violation("nn/a.h", "#  include \"models/bert.h\"") == "nn may not include models");
  CHECK(violation("models/a.h", "#include \"backends/shared/half.h\"") == "models may not include backends");
  CHECK(violation("backends/reference/a.h", "#include \"nn/scope.h\"") == "backends may not include nn");
  CHECK(violation("backends/cpu/a.h", "#include \"backends/vulkan/a.h\"") ==
        "only backends/registry.cpp may name another backend");
  CHECK(violation("backends/shared/a.h", "#include \"backends/cpu/a.h\"") ==
        "only backends/registry.cpp may name another backend");
  CHECK(violation("tensor/a.h", "#include <dnnl.hpp>") == "dnnl.hpp belongs in backends/cpu/");
  CHECK(violation("backends/vulkan/a.h", "#include <cblas.h>") == "cblas.h belongs in backends/cpu/");
  CHECK(violation("tests/a.cpp", "#include <vulkan/vulkan.h>") == "vulkan/vulkan.h belongs in backends/vulkan/");
  CHECK(violation("models/data/a.cpp", "#include <sndfile.h>") == "sndfile.h belongs in models/audio/");
  CHECK(violation("models/audio/a.cpp", "#include <sndfile.h>").empty());
  CHECK(violation("nn/a.h", "#include \"scope.h\"") == "scope.h is not named from the root of the source tree");
  CHECK(violation("backends/vulkan/shaders/a.comp", "#include \"nn/a.glsl\"") == "backends may not include nn");
  CHECK(violation("backends/vulkan/shaders/a.comp", "#include \"common.glsl\"").empty());
  CHECK(violation("backends/registry.cpp", "#include \"backends/cpu/cpu.h\"").empty());
  CHECK(violation("backends/cpu/a.cpp", "#include \"backends/shared/half.h\"").empty());
  CHECK(violation("models/a.cpp", "#include \"nn/linear.h\"").empty());
  CHECK(violation("tensor/a.cpp", "// #include is not meant \"nn/linear.h\"").empty());
}

TEST_CASE("layering: files are short, and most are shorter") {
  std::vector<size_t> lengths;
  for (const Source& source : sources()) {
    lengths.push_back(source.lines.size());
    if (source.path == "autograd/conformance/op_cases.cpp") continue;  // a table
    if (source.lines.size() > 400) FAIL_CHECK(source.path << ": " << source.lines.size() << " lines, at most 400");
  }
  std::sort(lengths.begin(), lengths.end());
  CHECK(lengths[lengths.size() / 2] <= 150);
}

TEST_CASE("layering: no merge is left half done") {
  for (const Source& source : sources())
    for (size_t i = 0; i < source.lines.size(); ++i)
      if (starts_with(source.lines[i], "<<<<<<< ") || starts_with(source.lines[i], ">>>>>>> "))
        FAIL_CHECK(source.path << ":" << i + 1 << ": " << source.lines[i]);
}

TEST_CASE("layering: C++ and shaders are spelled in one way") {
  for (const Source& source : sources()) {
    const fs::path path = source.path;
    if (path.extension() != ".cpp" && path.extension() != ".h" && path.extension() != ".inc" && !is_shader(path))
      continue;
    for (size_t i = 0; i < source.lines.size(); ++i)
      if (const std::string wrong = unlike_the_house(source.lines[i]); !wrong.empty())
        FAIL_CHECK(source.path << ":" << i + 1 << ": " << wrong);
  }
  const std::string std_name = "std::";
  CHECK(unlike_the_house("  " + std_name + "int64_t n = 0;") == std_name + "int64_t");
  CHECK(unlike_the_house("vector<" + std_name + "uint8_t> n;") == std_name + "uint8_t");
  CHECK(unlike_the_house("f(" + std_name + "size_t n);") == std_name + "size_t");
  CHECK(unlike_the_house("constexpr int k" + std::string("Rows = 4;")) == "k" + std::string("Rows"));
  CHECK(unlike_the_house(std::string(121, '/')) == "121 columns, at most 120");
  CHECK(unlike_the_house(std::string(119, '/') + "\xC3\xA9").empty());
  CHECK(unlike_the_house("int64_t kernel = mask & kb;  // about 3 kB").empty());
}

TEST_CASE("layering: every file begins with its licence and what it is for") {
  for (const Source& source : sources()) {
    const bool script = source.path.size() > 3 && source.path.compare(source.path.size() - 3, 3, ".sh") == 0;
    const bool preceded =
        !source.lines.empty() && (starts_with(source.lines[0], "#!") || starts_with(source.lines[0], "#version"));
    const size_t first = preceded ? 1 : 0;
    const std::string mark = script ? "# " : "// ";
    const bool fine = source.lines.size() > first + 1 &&
                      source.lines[first] == mark + "SPDX-License-Identifier: Apache-2.0" &&
                      starts_with(source.lines[first + 1], mark);
    if (!fine) FAIL_CHECK(source.path << ": the first two lines are not the licence and a sentence");
  }
}

TEST_CASE("layering: every .cpp and .comp is named in a meson.build") {
  std::map<fs::path, std::string> builds;
  for (const Source& source : sources()) {
    const fs::path path = source.path;
    if (path.extension() != ".cpp" && path.extension() != ".comp") continue;
    bool named = false;
    for (fs::path folder = path; !folder.empty() && !named;) {
      folder = folder.parent_path();
      const fs::path build = source_folder() / folder / "meson.build";
      if (!builds.count(build)) builds[build] = text_of(build);
      const std::string name = path.lexically_relative(folder).generic_string();
      for (size_t at = 0; !named && (at = builds[build].find(name, at)) != std::string::npos; ++at)
        named = at > 0 && (builds[build][at - 1] == '\'' || builds[build][at - 1] == ' ');
    }
    if (!named) FAIL_CHECK(source.path << ": no meson.build names it");
  }
}
