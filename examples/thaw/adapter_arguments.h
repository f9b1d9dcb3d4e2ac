// SPDX-License-Identifier: Apache-2.0
// --adapter beside --model: what changes a model, and the model itself, each in a directory of its own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/hub/base_model.h"

namespace CLI {
class App;
}  // namespace CLI

namespace thaw {

// Of an --adapter as it is given, "NAME=DIR" or "DIR".
std::string adapter_directory(const std::string& given);

class AdapterArguments {
 public:
  // --adapter DIR.
  void add_option(CLI::App& command);
  // --adapter [NAME=]DIR, once or several times, and --adapter-column.
  void add_options_of_rows(CLI::App& command);

  // What is to be opened: --model, or the adapter on it. To be asked once. std::runtime_error naming the directory that
  // holds no adapter, or no model that one could be on.
  std::string directory(const std::string& model);

  // The column that names each row's adapter; empty: there is none.
  const std::string& column() const { return column_; }
  struct Named {
    std::string name, directory;
  };
  // With a column: all of them on --model, which is to be asked once. Throws CLI::ValidationError unless each has
  // another name.
  std::vector<Named> on(const std::string& model);

 private:
  void put_on(const std::string& adapter, const std::string& model);

  std::vector<std::string> given_;
  std::string column_;
  bool of_rows_ = false;
  std::vector<std::shared_ptr<BaseChoice>> bases_;  // chosen as long as the program runs
};

}  // namespace thaw
