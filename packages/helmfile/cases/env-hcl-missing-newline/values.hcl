values {
  a = 0x10
}
