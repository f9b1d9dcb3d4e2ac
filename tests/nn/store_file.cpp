// SPDX-License-Identifier: Apache-2.0
// A store's parameters written and read again, and files that are not its own.
#include "nn/store_file.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "nn/linear.h"
#include "tensor/io/tensor_file.h"
#include "tests/error_of.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

Device device() { return Device::from_environment(); }

std::string error_of(const ParameterStore& store, const std::string& path) {
  return thaw::error_of<std::runtime_error>([&] { load(store, path); });
}

}  // namespace

TEST_CASE("store file: what is saved is loaded, into the parameters that modules hold") {
  const ScratchFolder folder;
  const std::string path = folder / "weights.safetensors";
  ParameterStore from(device(), DType::f32, 1), to(device(), DType::f32, 2);
  const Linear a(Scope(from) / "dense", 4, 3), b(Scope(to) / "dense", 4, 3);
  a.bias.freeze();
  REQUIRE(a.weight.value().to_host<float>() != b.weight.value().to_host<float>());
  save(from, path);
  load(to, path);
  CHECK(a.weight.value().to_host<float>() == b.weight.value().to_host<float>());
  CHECK(a.bias.value().to_host<float>() == b.bias.value().to_host<float>());
  CHECK_FALSE(b.bias.frozen());
  const auto tensors = read_tensors(path, device());
  CHECK(tensors.size() == 2);
  CHECK(tensors.at("dense.weight").shape() == Shape{3, 4});
}

TEST_CASE("store file: other floating types are rounded to the store's") {
  const ScratchFolder folder;
  const std::string path = folder / "weights.safetensors";
  const Device reference = Device::open("reference");
  for (const DType dtype : {DType::f64, DType::f16, DType::bf16}) {
    write_tensors(path, {{"w", Tensor::full({2}, 1.5, dtype, reference)}});
    ParameterStore store(device());
    const Parameter w = store.parameter("w", {2}, Init::zeros());
    load(store, path);
    CHECK(w.value().to_host<float>() == std::vector<float>{1.5f, 1.5f});
  }
}

TEST_CASE("store file: every misfit is listed in one line, and nothing is changed") {
  const ScratchFolder folder;
  const std::string path = folder / "weights.safetensors";
  const auto ones = [](const Shape& shape) { return Tensor::ones(shape, DType::f32, device()); };
  write_tensors(path, {{"a", ones({2})},
                       {"b", ones({2, 3})},
                       {"c", Tensor::from_host(std::vector<int32_t>{1}, {1}, device())},
                       {"new\nline", ones({1})},
                       {"other", ones({1})}});
  ParameterStore store(device());
  const Parameter a = store.parameter("a", {2}, Init::zeros());
  store.parameter("b", {3, 2}, Init::zeros());
  store.parameter("c", {1}, Init::zeros());
  store.parameter("d", {1}, Init::zeros());
  store.parameter("e", {1}, Init::zeros());
  CHECK(error_of(store, path) == path +
                                     ": not the parameters of this store; missing: d, e; no parameters: "
                                     "\"new\\u000aline\", other; of another shape: b [2, 3] (not [3, 2]); of another "
                                     "type: c I32");
  CHECK(a.value().to_host<float>() == std::vector<float>{0, 0});
  CHECK(error_of(store, folder / "none.safetensors").find("none.safetensors") != std::string::npos);
}

TEST_CASE("store file: a file that cannot be written leaves the former one") {
  const ScratchFolder folder;
  ParameterStore store(device());
  store.parameter("a", {2}, Init::zeros());
  CHECK_THROWS_AS(save(store, folder / "no/such/folder.safetensors"), std::runtime_error);
  save(store, folder / "weights.safetensors");
  CHECK(std::filesystem::directory_iterator(folder.path())->path().filename() == "weights.safetensors");
}
