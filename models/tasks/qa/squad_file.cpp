// SPDX-License-Identifier: Apache-2.0
// Writes a JSON object, member by member.
#include "models/tasks/qa/squad_file.h"

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

SquadFile::SquadFile(const std::string& path) : path_(path), file_(path) {}

void SquadFile::expect(const std::string& id, const std::string& where) {
  if (!ids_.insert(id).second)
    fail("{}: the id {} was there before: {} would have one answer for both", where, quote(id), path_);
}

void SquadFile::add(const std::string& id, const Json& value) {
  file_.write((has_values_ ? ",\n" : "{\n") + Json(id).dump() + ": " + value.dump());
  has_values_ = true;
}

void SquadFile::commit() {
  file_.write(!has_values_ ? "{}\n" : "\n}\n");
  file_.commit();
}

}  // namespace thaw
