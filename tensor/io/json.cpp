// SPDX-License-Identifier: Apache-2.0
// The JSON value itself: construction, containers, lookup and equality.
#include "tensor/io/json.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <limits>

#include "tensor/check.h"
#include "tensor/io/json_place.h"

namespace thaw {

namespace {

constexpr size_t few_members = 8;  // looked through one by one

}

Json::Json() : value_(nullptr) {}
Json::Json(std::nullptr_t) : value_(nullptr) {}
Json::Json(double value) : value_(value) {}
Json::Json(std::string value) : value_(std::move(value)) {}
Json::Json(std::string_view value) : value_(std::string(value)) {}
Json::Json(const char* value) : value_(std::string(value)) {}
Json::Json(std::vector<Json> items) : value_(std::move(items)) {}
Json::Json(const Json&) = default;
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(const Json&) = default;
Json& Json::operator=(Json&&) noexcept = default;
Json::~Json() = default;

Json::Object::Object() = default;
Json::Object::Object(const Object&) = default;
Json::Object::Object(Object&&) noexcept = default;
Json::Object& Json::Object::operator=(const Object&) = default;
Json::Object& Json::Object::operator=(Object&&) noexcept = default;
Json::Object::~Object() = default;

Json Json::object() {
  Json json;
  json.value_.emplace<Object>();
  return json;
}

Json Json::array() { return Json(std::vector<Json>()); }

Json Json::big_integer(std::string digits) {
  const size_t sign = digits.starts_with('-') ? 1 : 0;
  const bool is_decimal = digits.size() > sign && digits.find_first_not_of("0123456789", sign) == std::string::npos;
  check(is_decimal && (digits[sign] != '0' || digits.size() == sign + 1), "{} is not a decimal integer", quote(digits));
  Json json;
  json.value_ = BigInteger{std::move(digits)};
  return json;
}

void Json::set_unsigned(uint64_t value) {
  if (value <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
    value_ = static_cast<int64_t>(value);
  } else {
    value_ = value;
  }
}

Json::Kind Json::kind() const {
  constexpr Kind kinds[] = {Kind::null,   Kind::boolean, Kind::integer, Kind::integer, Kind::big_integer,
                            Kind::number, Kind::string,  Kind::array,   Kind::object};
  return kinds[value_.index()];
}

size_t Json::size() const {
  if (const auto* list = std::get_if<std::vector<Json>>(&value_)) return list->size();
  return members().size();
}

const std::vector<JsonMember>& Json::members() const {
  const auto* object = std::get_if<Object>(&value_);
  if (!object) fail("{}: expected an object, found {}", where(), describe());
  return object->members;
}

const std::vector<Json>& Json::items() const {
  const auto* list = std::get_if<std::vector<Json>>(&value_);
  if (!list) fail("{}: expected an array, found {}", where(), describe());
  return *list;
}

size_t Json::Object::slot_of(std::string_view key) const {
  const size_t mask = slots.size() - 1;
  size_t slot = std::hash<std::string_view>()(key) & mask;
  while (slots[slot] != 0 && members[slots[slot] - 1].key != key) slot = (slot + 1) & mask;
  return slot;
}

const JsonMember* Json::Object::find(std::string_view key) const {
  if (slots.empty()) {
    const auto found = std::ranges::find(members, key, &JsonMember::key);
    return found == members.end() ? nullptr : &*found;
  }
  const uint32_t place = slots[slot_of(key)];
  return place == 0 ? nullptr : &members[place - 1];
}

void Json::Object::add(std::string key, Json value) {
  members.push_back({std::move(key), std::move(value)});
  if (members.size() <= few_members) return;
  if (members.size() * 4 > slots.size() * 3) return index(std::bit_ceil(members.size() * 4 / 3 + 1));
  slots[slot_of(members.back().key)] = static_cast<uint32_t>(members.size());
}

void Json::Object::index(size_t size) {
  slots.assign(size, 0);
  for (size_t i = 0; i < members.size(); ++i) slots[slot_of(members[i].key)] = static_cast<uint32_t>(i + 1);
}

const Json* Json::find(std::string_view key) const {
  members();  // refuses anything but an object
  const JsonMember* member = std::get<Object>(value_).find(key);
  return member ? &member->value : nullptr;
}

const Json& Json::at(JsonStep step) const { return entry(step, nullptr); }

Json& Json::set(std::string_view key, Json value) {
  auto* object = std::get_if<Object>(&value_);
  check(object != nullptr, "{}: a key can only be set in an object, this is {}", where(), describe());
  if (const JsonMember* member = object->find(key)) {
    const_cast<JsonMember*>(member)->value = std::move(value);
    return *this;
  }
  object->add(std::string(key), std::move(value));
  return *this;
}

Json& Json::push_back(Json value) {
  auto* list = std::get_if<std::vector<Json>>(&value_);
  check(list != nullptr, "{}: only an array can be appended to, this is {}", where(), describe());
  list->push_back(std::move(value));
  return *this;
}

bool Json::erase(std::string_view key) {
  const Json* found = find(key);
  if (!found) return false;
  auto& object = std::get<Object>(value_);
  std::erase_if(object.members, [&](const JsonMember& member) { return &member.value == found; });
  if (!object.slots.empty()) object.index(object.slots.size());
  return true;
}

bool Json::operator==(const Json& other) const {
  if (value_.index() != other.value_.index()) return false;
  switch (kind()) {
    case Kind::null: return true;
    case Kind::boolean: return std::get<bool>(value_) == std::get<bool>(other.value_);
    case Kind::number: return std::get<double>(value_) == std::get<double>(other.value_);
    case Kind::string: return std::get<std::string>(value_) == std::get<std::string>(other.value_);
    case Kind::array: return items() == other.items();
    case Kind::big_integer: return as_digits() == other.as_digits();
    case Kind::integer:
      if (const auto* number = std::get_if<int64_t>(&value_)) return *number == std::get<int64_t>(other.value_);
      return std::get<uint64_t>(value_) == std::get<uint64_t>(other.value_);
    case Kind::object: break;
  }
  if (size() != other.size()) return false;
  return std::ranges::all_of(members(), [&](const JsonMember& member) {
    const Json* found = other.find(member.key);
    return found && *found == member.value;
  });
}

}  // namespace thaw
