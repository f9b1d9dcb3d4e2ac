// SPDX-License-Identifier: Apache-2.0
// Writes a JSON object, member by member.
#include "models/tasks/qa/squad_file.h"

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

SquadFile::SquadFile(const std::string& path) : path_(path), file_(path) {}

void SquadFile::add(const std::string& id, const Json& value, const std::string& where) {
  if (!ids_.insert(id).second)
    fail("{}: the id {} was there before: {} would have one answer for both", where, quote(id), path_);
  file_.write((ids_.size() == 1 ? "{\n" : ",\n") + Json(id).dump() + ": " + value.dump());
}

void SquadFile::commit() {
  file_.write(ids_.empty() ? "{}\n" : "\n}\n");
  file_.commit();
}

}  // namespace thaw
