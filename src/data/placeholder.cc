// Placeholder until this part has its first source.
