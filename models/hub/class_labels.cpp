// SPDX-License-Identifier: Apache-2.0
// Reads id2label, label2id and num_labels.
#include "models/hub/class_labels.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "tensor/check.h"
#include "tensor/io/json.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

// A key of id2label, read as Python's int() reads it: spaces around it, a sign and leading zeros are no matter.
std::optional<int64_t> class_number(std::string_view key) {
  const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!key.empty() && is_space(key.front())) key.remove_prefix(1);
  while (!key.empty() && is_space(key.back())) key.remove_suffix(1);
  if (key.size() > 1 && key[0] == '+' && key[1] != '-') key.remove_prefix(1);
  int64_t number = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
  if (key.empty() || error != std::errc() || end != key.data() + key.size()) return {};
  return number;
}

// The name of a class as Python prints it; nothing for null.
std::optional<std::string> class_name(const Json& map, const std::string& key) {
  const Json& value = map.at(key);
  if (value.is_null()) return {};
  if (value.is_bool()) return value.as_bool() ? "True" : "False";
  return value.is_number() ? value.dump() : map.get_string(key);
}

// Names by class number. Classes are numbered from 0, whatever numbers the names have: a class without a name gets one,
// a name of another number stays unused.
std::vector<std::string> named_classes(const std::map<int64_t, std::string>& names, size_t count, const Json& map,
                                       std::vector<std::string>& notes) {
  std::set<std::string> taken;
  for (const auto& [number, name] : names) taken.insert(name);
  std::vector<std::string> labels;
  std::string odd;
  for (size_t i = 0; i < count; ++i) {
    if (const auto found = names.find(static_cast<int64_t>(i)); found != names.end()) {
      labels.push_back(found->second);
      continue;
    }
    std::string name = fmt::format("LABEL_{}", i);
    while (taken.contains(name)) name += "_";
    if (odd.empty()) odd = fmt::format("class {} has no name there and is called {}", i, name);
    labels.push_back(std::move(name));
  }
  const auto unused = std::ranges::find_if(
      names, [&](const auto& entry) { return entry.first < 0 || entry.first >= static_cast<int64_t>(count); });
  if (unused != names.end())
    odd +=
        fmt::format("{}{} ({}) is the name of no class", odd.empty() ? "" : ", ", quote(unused->second), unused->first);
  if (!odd.empty()) notes.push_back(fmt::format("{}: its {} classes are numbered from 0: {}", map.where(), count, odd));
  return labels;
}

std::vector<std::string> read_id2label(const Json& map, std::vector<std::string>& notes) {
  std::map<int64_t, std::string> names;
  std::set<int64_t> numbers;
  std::set<std::string> seen;
  for (const JsonMember& member : map.members()) {
    const std::optional<int64_t> number = class_number(member.key);
    if (!number) fail("{}: not a class number", map.where(member.key));
    if (!numbers.insert(*number).second) fail("{}: the class number {} is there twice", map.where(member.key), *number);
    const std::optional<std::string> name = class_name(map, member.key);
    if (!name) continue;
    if (!seen.insert(*name).second) fail("{}: the label {} is there twice", map.where(member.key), quote(*name));
    names[*number] = *name;
  }
  return named_classes(names, map.size(), map, notes);
}

std::vector<std::string> read_label2id(const Json& map, std::vector<std::string>& notes) {
  std::map<int64_t, std::string> names;
  for (const JsonMember& member : map.members()) {
    const int64_t number = map.get_int(member.key);
    if (!names.emplace(number, member.key).second)
      fail("{}: the class number {} is there twice", map.where(member.key), number);
  }
  return named_classes(names, map.size(), map, notes);
}

}  // namespace

std::vector<std::string> made_up_labels(int64_t count) {
  std::vector<std::string> labels;
  for (int64_t i = 0; i < count; ++i) labels.push_back(fmt::format("LABEL_{}", i));
  return labels;
}

std::vector<std::string> read_class_labels(const Json& json, std::vector<std::string>& notes) {
  const auto given = [&](const char* key) { return json.contains(key) && !json.at(key).is_null(); };
  std::vector<std::string> labels;
  if (given("id2label")) {
    labels = read_id2label(json.get_object("id2label"), notes);
  } else if (given("label2id")) {
    labels = read_label2id(json.get_object("label2id"), notes);
  }
  if (!given("num_labels")) return labels;
  const int64_t count = json.get_int("num_labels", 1, 1'000'000);
  if (count == static_cast<int64_t>(labels.size())) return labels;
  if (!labels.empty()) {
    notes = {fmt::format("{}: {}, but {} labels have names: the classes are called LABEL_0 to LABEL_{}",
                         json.where("num_labels"), count, labels.size(), count - 1)};
  }
  return made_up_labels(count);
}

}  // namespace thaw
