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

  // An id that is to come. std::runtime_error, beginning with `where`, if it was there before.
  void expect(const std::string& id, const std::string& where);
  // The value of an id that is expected.
  void add(const std::string& id, const Json& value);
  void commit();

 private:
  std::string path_;
  AtomicFile file_;
  std::unordered_set<std::string> ids_;
  bool has_values_ = false;
};

}  // namespace thaw
