// SPDX-License-Identifier: Apache-2.0
// The packages of a Debian release with their descriptions, from apt's package lists.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace thaw {

// One binary package.
struct DebianPackage {
  std::string name;
  std::string source;                // the source package that it is built from: related packages share it
  std::string section;               // "admin", "net", ...; without the archive area ("contrib/net" is "net")
  std::string synopsis;              // one line
  std::string description;           // the long text: one line a paragraph; empty if there is none
  std::string description_md5;       // of the whole description: what translations go by; empty if there is none
  std::string version, homepage;     // empty if the list has none
  std::string maintainer;            // the name, without its address
  std::string installed_size;        // in KiB, as the list writes it
  std::vector<std::string> depends;  // names: of alternatives, the first
  std::vector<std::string> related;  // all names that it depends on, recommends, suggests or enhances
};

// Reads `folder`/Packages, with the long texts of `folder`/Translation-en (as examples/fetch_debian_lists.sh leaves
// them), in the list's order. Throws std::runtime_error with file and line on what does not look like a package list.
std::vector<DebianPackage> read_debian_packages(const std::filesystem::path& folder);

// The first package of each source, in order.
std::vector<DebianPackage> first_of_each_source(const std::vector<DebianPackage>& packages);

}  // namespace thaw
