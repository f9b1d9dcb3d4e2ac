// SPDX-License-Identifier: Apache-2.0
// Opens rows of the table of families.
#include "tests/models/family_table/family_row.h"

#include <doctest/doctest.h>

#include <numeric>

#include "autograd/functions.h"
#include "autograd/tape.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"

namespace thaw {

std::string name_of(const FamilyRow& row) { return row.model_type + ", " + row.task; }

SmallFamily::SmallFamily(const FamilyRow& of, double dropout) : row(of) {
  directory = folder / "model";
  row.write(directory, dropout);
  for (const auto& [name, content] : row.beside) folder.write(name, content);
  file = folder.write(row.file, row.content).string();
}

OpenedFamily::OpenedFamily(const SmallFamily& small, const std::string& directory, Device device)
    : task(make_task(small.row.task)) {
  for (const OptionField& option : task->options(TaskUse::training))
    for (const auto& [name, value] : small.row.options)
      if (option.name == name) *std::get<std::string*>(option.field) = value;
  task->look_at(directory, small.file);
  model = task->open(directory, {.device = device, .seed = 5});
  FreezeMask::parse(small.row.unread, "unread").apply(model->store());
  examples = model->read(small.file);
  examples->begin_epoch(0);
}

std::vector<int64_t> OpenedFamily::all() const {
  std::vector<int64_t> numbers(static_cast<size_t>(examples->size()));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

Variable OpenedFamily::loss() const { return examples->loss(all(), examples->terms(all())); }

std::vector<float> OpenedFamily::outputs() const { return examples->outputs(all()); }

std::vector<float> OpenedFamily::train(int64_t steps, double rate) const {
  const TrainingMode training(store().mode());
  store().mode().random = RandomStreams(3);
  AdamW optimizer(store(), {});
  std::vector<float> losses;
  for (int64_t step = 0; step < steps; ++step) {
    const Variable now = loss();
    losses.push_back(now.item());
    backward(now);
    optimizer.step(rate);
    optimizer.clear_gradients();
  }
  return losses;
}

std::map<std::string, Bytes> values_of(const ParameterStore& store) {
  std::map<std::string, Bytes> found;
  for (const Parameter& p : store.all()) found[p.name()] = p.value().to_bytes();
  return found;
}

std::map<std::string, Bytes> gradients_of(const ParameterStore& store) {
  std::map<std::string, Bytes> found;
  for (const Parameter& p : store.trained()) {
    INFO(p.name());
    REQUIRE(p.variable().grad().defined());
    found[p.name()] = p.variable().grad().to_bytes();
  }
  return found;
}

void forget_gradients(const ParameterStore& store) {
  for (const Parameter& p : store.trained()) p.variable().clear_grad();
}

}  // namespace thaw
