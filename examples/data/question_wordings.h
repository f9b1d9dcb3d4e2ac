// SPDX-License-Identifier: Apache-2.0
// What can be said of a package and asked about it, each in several words.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace thaw {

// The wordings of one kind of fact. In sentences, {who} is the package ("abook", "it", "the package"), {whose} is what
// belongs to it ("abook's", "its", "the package's"), {value} the fact; in questions, {package} is the name.
struct Wordings {
  std::span<const std::string_view> sentences;        // that tell the fact
  std::span<const std::string_view> questions;        // that ask for it
  std::span<const std::string_view> which_questions;  // that ask which package it is true of
};

enum class Relation { purpose, maintainer, version, homepage, section, size, needs, source };
inline constexpr size_t relation_count = 8;

const Wordings& wordings(Relation relation);

// Replaces each {place} of a wording that is `place`.
std::string filled(std::string wording, std::string_view place, std::string_view text);

}  // namespace thaw
