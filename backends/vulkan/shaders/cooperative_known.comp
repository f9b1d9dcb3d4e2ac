#version 460
// SPDX-License-Identifier: Apache-2.0
// Compiled when the build is configured, to see whether glslc knows cooperative matrices.
#extension GL_KHR_cooperative_matrix : require
#extension GL_KHR_memory_scope_semantics : require
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
shared float16_t numbers[256];
void main() {
  coopmat<float16_t, gl_ScopeSubgroup, 16, 16, gl_MatrixUseA> matrix;
  coopMatLoad(matrix, numbers, 0, 16, gl_CooperativeMatrixLayoutRowMajor);
}
