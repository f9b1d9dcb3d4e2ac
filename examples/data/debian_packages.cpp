// SPDX-License-Identifier: Apache-2.0
// Joins the two kinds of apt lists: packages, and long descriptions under the MD5 of the description.
#include "examples/data/debian_packages.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "examples/data/deb822.h"
#include "tensor/check.h"

namespace thaw {
namespace {

const std::string& required(const Deb822Reader& reader, const Stanza& stanza, std::string_view name) {
  const std::string* value = stanza.find(name);
  if (!value || value->empty()) fail("{}: the stanza has no field \"{}\"", reader.position(stanza), name);
  return *value;
}

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

// The text below the synopsis: a line of a single "." separates paragraphs, other lines are joined.
std::string long_text(std::string_view description) {
  std::string text;
  auto end = description.find('\n');
  while (end != std::string_view::npos) {
    description.remove_prefix(end + 1);
    end = description.find('\n');
    const auto line = description.substr(0, end);
    if (line == ".") {
      text += '\n';
    } else {
      if (!text.empty() && text.back() != '\n') text += ' ';
      text += line;
    }
  }
  return text;
}

std::string value_of(const Stanza& stanza, std::string_view name) {
  const std::string* value = stanza.find(name);
  return value ? *value : "";
}

// The names of a relation, "libc6 (>= 2.34), editor | vim:any": libc6, editor, vim; of alternatives only the first if
// asked for.
void add_names(std::vector<std::string>& names, const Stanza& stanza, std::string_view field, bool first_only) {
  const std::string value = value_of(stanza, field);
  bool is_alternative = false;
  for (size_t at = value.find_first_not_of(" \n"); at < value.size();) {
    const auto end = std::min(value.find_first_of(",|", at), value.size());
    const auto name = value.substr(at, std::min(value.find_first_of(" \n(:[", at), end) - at);
    if (!name.empty() && !(is_alternative && first_only)) names.push_back(name);
    is_alternative = end < value.size() && value[end] == '|';
    at = end < value.size() ? value.find_first_not_of(" \n", end + 1) : end;
  }
}

// "Name <address>" without the address.
std::string name_alone(const std::string& maintainer) {
  const auto name = maintainer.substr(0, maintainer.find('<'));
  return name.substr(0, name.find_last_not_of(' ') + 1);
}

std::unordered_map<std::string, std::string> read_long_texts(const std::filesystem::path& path) {
  std::unordered_map<std::string, std::string> texts;
  Deb822Reader reader(path);
  Stanza stanza;
  while (reader.next(stanza)) {
    texts.emplace(required(reader, stanza, "Description-md5"), long_text(required(reader, stanza, "Description-en")));
  }
  return texts;
}

}  // namespace

std::vector<DebianPackage> read_debian_packages(const std::filesystem::path& folder) {
  const auto long_texts = read_long_texts(folder / "Translation-en");
  std::vector<DebianPackage> packages;
  Deb822Reader reader(folder / "Packages");
  Stanza stanza;
  while (reader.next(stanza)) {
    DebianPackage package;
    package.name = required(reader, stanza, "Package");
    const std::string* source =
        stanza.find("Source");  // "name" or "name (version)"; left out where it is the package's own name
    package.source = source ? source->substr(0, source->find(' ')) : package.name;
    const std::string& section = required(reader, stanza, "Section");
    package.section = section.substr(section.rfind('/') + 1);
    package.synopsis = first_line(required(reader, stanza, "Description"));
    package.description_md5 = value_of(stanza, "Description-md5");
    const auto long_text = long_texts.find(package.description_md5);
    if (long_text != long_texts.end()) package.description = long_text->second;
    package.version = value_of(stanza, "Version");
    package.homepage = value_of(stanza, "Homepage");
    package.maintainer = name_alone(value_of(stanza, "Maintainer"));
    package.installed_size = value_of(stanza, "Installed-Size");
    add_names(package.depends, stanza, "Depends", true);
    for (const auto field : {"Depends", "Pre-Depends", "Recommends", "Suggests", "Enhances"})
      add_names(package.related, stanza, field, false);
    packages.push_back(std::move(package));
  }
  if (packages.empty()) fail("{}: has no packages", (folder / "Packages").string());
  return packages;
}

std::vector<DebianPackage> first_of_each_source(const std::vector<DebianPackage>& packages) {
  std::vector<DebianPackage> firsts;
  std::unordered_set<std::string_view> seen;
  for (const auto& package : packages) {
    if (seen.insert(package.source).second) firsts.push_back(package);
  }
  return firsts;
}

}  // namespace thaw
