// SPDX-License-Identifier: Apache-2.0
// The files of predictions that SQuAD's scripts read: one JSON object, with a value under the id of each question.
#pragma once

#include <string>
#include <unordered_set>

#include "tensor/io/atomic_file.h"
#include "tensor/io/json.h"

namespace thaw {

// Written as questions come; the file appears whole or not at all.
class SquadFile {
 public:
  // std::runtime_error if the file cannot be written.
  explicit SquadFile(const std::string& path);

  // std::runtime_error, beginning with `where`, if the id was there before.
  void add(const std::string& id, const Json& value, const std::string& where);
  void commit();

 private:
  std::string path_;
  AtomicFile file_;
  std::unordered_set<std::string> ids_;
};

}  // namespace thaw
