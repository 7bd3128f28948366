'use strict';

// forThisServer adapts the API description to the embedded server. Swagger UI fills in
// the first example of each parameter, so optional parameters lose theirs, and the
// first user becomes one that exists here.
function forThisServer(spec) {
  const parameters = {};
  for (const [name, { example, examples, ...parameter }] of Object.entries(spec.components.parameters)) {
    if (parameter.required) {
      if (example) parameter.example = example;
      if (examples) parameter.examples = 'self' in examples ? examples : { login: examples.login, ...examples };
    }
    parameters[name] = parameter;
  }
  return {
    ...spec,
    servers: [{ url: '/api', description: 'The embedded server' }],
    components: { ...spec.components, parameters },
  };
}

// authorizeOne logs out previous users: Swagger UI would send the credentials of all,
// and Cyclos rejects requests with more than one kind.
const authorizeOne = (authorize, { authActions, authSelectors }) => (given) => {
  const others = authSelectors.authorized().keySeq().filter((name) => !(name in given)).toJS();
  if (others.length > 0) authActions.logout(others);
  return authorize(given);
};

// focusFirst moves the focus of the dialog to the first field: in Swagger UI each
// field requests it, so that the last one gets it.
const focusFirst = (Input, { React }) => (props) =>
  React.createElement(Input, { ...props, autoFocus: props.id === 'auth_username' });

SwaggerUIBundle({
  dom_id: '#page',
  url: 'openapi.yaml',
  plugins: [{
    wrapComponents: { Input: focusFirst },
    statePlugins: {
      spec: { wrapActions: { updateJsonSpec: (update) => (spec) => update(forThisServer(spec)) } },
      auth: { wrapActions: { authorize: authorizeOne } },
    },
  }],
  validatorUrl: null,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayOperationId: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
});
